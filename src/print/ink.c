/* ink.c: see ink.h. Fonts are named in the order in which each character is looked for: those of
 * the standard, should the deployer have them, then free ones. */
#include "print/ink.h"
#include "base/buf.h"
#include <fontconfig/fontconfig.h>

#define SERIF "Noto Serif CJK SC, Noto Sans CJK SC"
#define FANG "FangSong_GB2312, FangSong, STFangsong, FandolFang R, FandolFang, " SERIF
#define KAI "KaiTi_GB2312, KaiTi, STKaiti, FandolKai, LXGW WenKai, " SERIF
#define HEI "SimHei, Noto Sans CJK SC, Noto Serif CJK SC"
#define SONG "FZXiaoBiaoSong-B05S, FZXiaoBiaoSong-B05, " SERIF

/* Bold where it is Noto Sans: of its regular weight cairo leaves 如 out of the PDF. */
static const struct { const char *family; double size, pitch; bool bold; } styles[] = {
    [INK_BODY] = { FANG, 16, MM(225) / 22, false },
    [INK_HEADING] = { HEI, 16, MM(225) / 22, true },
    [INK_SUBHEADING] = { KAI, 16, MM(225) / 22, false },
    [INK_TITLE] = { SONG, 22, 36, true },
    [INK_COVER] = { SONG, 36, 56, true },
    [INK_TABLE] = { FANG, 14, 22, false },
    [INK_HEAD] = { HEI, 14, 22, true },
    [INK_NOTE] = { FANG, 12, 20, false },
    [INK_NUMBER] = { SERIF, 14, 22, false },
};

/* Free typefaces that Debian installs where only TeX looks. */
static void fonts_add(void)
{
#define FANDOL "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
    (void)FcConfigAppFontAddFile(NULL, (const FcChar8 *)FANDOL "FandolFang-Regular.otf");
    (void)FcConfigAppFontAddFile(NULL, (const FcChar8 *)FANDOL "FandolKai-Regular.otf");
}

void ink_open(struct ink *k, cairo_t *c)
{
    fonts_add();
    k->context = pango_cairo_create_context(c);
    pango_context_set_language(k->context, pango_language_from_string("zh-cn"));
    for (size_t i = 0; i < INK_STYLES; i++) {
        k->fonts[i] = pango_font_description_from_string(styles[i].family);
        pango_font_description_set_absolute_size(k->fonts[i], styles[i].size * PANGO_SCALE);
        if (styles[i].bold)
            pango_font_description_set_weight(k->fonts[i], PANGO_WEIGHT_BOLD);
    }
    PangoLayout *l = ink_set(k, INK_BODY, STR("人民调解"), type_width, 0);
    k->no_font = pango_layout_get_unknown_glyphs_count(l) > 0;
    k->missing = STR_NONE;
    g_object_unref(l);
}

void ink_close(struct ink *k)
{
    for (size_t i = 0; i < INK_STYLES; i++)
        pango_font_description_free(k->fonts[i]);
    g_object_unref(k->context);
}

/* Each character of the text that came out as a box; the first is kept. */
static void missing_note(struct ink *k, PangoLayout *l, struct str text)
{
    PangoLayoutIter *at = pango_layout_get_iter(l);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            gunichar c = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
            if (!(glyph & PANGO_GLYPH_UNKNOWN_FLAG) || c > 0x10ffff)
                continue;
            k->gone[c / 8] |= (unsigned char)(1 << c % 8);
            if (k->missing.n == 0) {
                k->missing_char[g_unichar_to_utf8(c, k->missing_char)] = '\0';
                k->missing = text;
            }
        }
    } while (pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
}

/* What a reader can look up stands for what cannot be drawn. */
static struct str marked(const struct ink *k, struct str text)
{
    enum { MARK_BYTES_MAX = 16 };
    struct buf b = buf_in(k->marks, text.n * MARK_BYTES_MAX + 1);
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = str_next(text, &at);
        if (k->gone[c / 8] >> c % 8 & 1)
            buf_fmt(&b, "〔U+%04X〕", c);
        else
            buf_add(&b, (struct str){ text.p + from, at - from });
    }
    return buf_str(&b);
}

PangoLayout *ink_set(struct ink *k, enum ink_style style, struct str text, double width,
    double indent)
{
    /* 28 characters of 16 points are wider than 156 mm: each is set closer by a fifth of a point. */
    double closer = (char_pitch / 16 - 1) * styles[style].size;
    PangoLayout *l = pango_layout_new(k->context);
    PangoAttrList *attrs = pango_attr_list_new();
    pango_attr_list_insert(attrs, pango_attr_letter_spacing_new((int)(closer * PANGO_SCALE)));
    pango_layout_set_attributes(l, attrs);
    pango_attr_list_unref(attrs);
    pango_layout_set_font_description(l, k->fonts[style]);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    /* Half a point of slack, so that rounding does not push the last character out. */
    pango_layout_set_width(l, (int)((width + 0.5) * PANGO_SCALE));
    pango_layout_set_indent(l, (int)(indent * PANGO_SCALE));
    pango_layout_set_text(l, text.p, (int)text.n);
    if (pango_layout_get_unknown_glyphs_count(l) == 0)
        return l;
    missing_note(k, l, text);
    if (k->marks) {
        text = marked(k, text);
        pango_layout_set_text(l, text.p, (int)text.n);
    }
    return l;
}

double ink_size(enum ink_style style)
{
    return styles[style].size;
}

double ink_pitch(enum ink_style style)
{
    return styles[style].pitch;
}

double ink_line_width(PangoLayoutLine *line)
{
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

void ink_line(cairo_t *c, PangoLayoutLine *line, enum ink_style style, double x, double y)
{
    /* The middle of a Han character lies 0.38 of its size above the base line, in every font. */
    cairo_move_to(c, x, y + styles[style].pitch / 2 + 0.38 * styles[style].size);
    pango_cairo_show_layout_line(c, line);
}
