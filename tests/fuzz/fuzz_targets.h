/* fuzz_targets.h: the fuzz targets, each in its fuzz_NAME.c. */
#pragma once

#define FUZZ_TARGETS(X) \
    X(request) X(json) X(lines) X(tables) X(past) X(proof) X(typed) X(rows) X(form) \
    X(source) X(image)
