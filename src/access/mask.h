/* mask.h: how personal data is shown where it need not be known: enough to tell two entries apart,
 * too little to use (GB/T 35273-2020 7.2, GB/T 37964-2019 annex A). Lists, pages and files all come
 * here. What cannot be told for what it should be is hidden whole. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

/* 张三, 欧阳文静, 古丽娜尔·买买提 -> 张**, 欧**, 古**: the first character, whatever the length. */
struct str mask_name(struct arena *a, struct str name);
/* +86 138 1234 5678 -> 138****5678; 0512-65231234 -> 0512-****1234; other numbers of eight digits
 * and more: the last four; the rest, and what is no number: ****. */
struct str mask_phone(struct arena *a, struct str phone);
/* 15 or 18 characters -> the first four (province and city) and the last. */
struct str mask_id_number(struct arena *a, struct str id);
/* Up to the building (幢, 栋, 号楼, 座), else up to the number in the street (号, 弄), else up to the
 * street, estate or village, then ***; without any of these only ***. Long numbers that are left
 * are masked. */
struct str mask_address(struct arena *a, struct str address);
/* Free text is left out; how long it was is said. */
struct str mask_words(struct arena *a, struct str text, enum lang lang);
