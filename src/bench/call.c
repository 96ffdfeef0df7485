/* call.c: see call.h. */
#include "bench/call.h"
#include "bench/client.h"
#include <stdio.h>

size_t call_report(const struct call_place *at, unsigned long long salt, unsigned long long n,
    char *text, size_t size)
{
    static const char *const what[] = { "路灯不亮,晚上出入很不方便,老人和孩子容易摔倒",
        "楼道里堆满纸箱和旧家具,消防通道堵住了,请尽快清理",
        "地下车库渗水严重,墙面发霉,物业说正在联系施工单位",
        "夜间施工噪音很大,十一点以后还在打桩,影响周边居民休息" };
    char body[1024], key[CLIENT_KEY_BYTES];
    int body_n = n % 2
        ? snprintf(body, sizeof(body), "{\"text\":\"%s(第 %llu 次反映)\",\"grid\":\"%.*s\","
            "\"place_text\":\"%llu 号楼西侧\"}", what[n / 2 % 4], n, STR_FMT(at->grid), n % 97 + 1)
        : snprintf(body, sizeof(body), "{\"text\":\"%s(第 %llu 次反映)\",\"category\":\"0601\","
            "\"lon\":%.*s,\"lat\":%.*s,\"place_text\":\"%llu 号楼西侧\"}", what[n / 2 % 4], n,
            STR_FMT(at->lon), STR_FMT(at->lat), n % 97 + 1);
    client_key(salt, n, key);
    return (size_t)snprintf(text, size, "POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: %s\r\n"
        "Content-Length: %d\r\n\r\n%s", key, body_n, body);
}

size_t call_get(struct str path, struct str credentials, char *text, size_t size)
{
    bool known = credentials.n > 0;
    return (size_t)snprintf(text, size, "GET %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%.*s%s\r\n",
        STR_FMT(path), known ? "Authorization: " : "", STR_FMT(credentials), known ? "\r\n" : "");
}

size_t call_login(const char *name, const char *password, char *text, size_t size)
{
    char body[256];
    int body_n = snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", name,
        password);
    return (size_t)snprintf(text, size, "POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", body_n, body);
}
