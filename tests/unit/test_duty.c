/* test_duty.c */
int main(void) { return 0; }
