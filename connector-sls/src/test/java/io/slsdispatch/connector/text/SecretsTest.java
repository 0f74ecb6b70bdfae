package io.slsdispatch.connector.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private static final long SEED = 20261130;
    private static final String SECRET = "aB3/+x=Y\"z\\9 &<q";

    private static final List<UnaryOperator<String>> FORMS = List.of(
            UnaryOperator.identity(),
            text -> URLEncoder.encode(text, UTF_8),
            text -> URLEncoder.encode(URLEncoder.encode(text, UTF_8), UTF_8),
            text -> URLEncoder.encode(text, UTF_8).toLowerCase(Locale.ROOT),
            text -> escaped(text, "%%%02x"),
            text -> escaped(text, "\\u%04x"),
            text -> escaped(text, "\\x%02X"),
            text -> escaped(text, "&#%d;"),
            text -> escaped(text, "&#x%x;"),
            text -> text.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"),
            text -> text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"),
            text -> text.toUpperCase(Locale.ROOT),
            text -> text.substring(0, 5) + "\r\n " + text.substring(5),
            text -> String.join("\u200b", text.split("")),
            text -> HexFormat.of().formatHex(text.getBytes(UTF_8)),
            text -> Base64.getMimeEncoder(20, "\r\n".getBytes(UTF_8)).encodeToString(text.getBytes(UTF_8)),
            text -> Base64.getUrlEncoder().encodeToString(("u:" + text).getBytes(UTF_8)),
            text -> Base64.getEncoder().encodeToString(("user" + text + "&more=1").getBytes(UTF_8)),
            text -> URLEncoder.encode(Base64.getEncoder().encodeToString(("a" + text).getBytes(UTF_8)), UTF_8));

    private final Random random = new Random(SEED);

    private static String escaped(String text, String form) {
        return text.chars().mapToObj(each -> String.format(form, each)).collect(Collectors.joining());
    }

    @Test
    void areHiddenInEveryForm() {
        Secrets secrets = Secrets.of(List.of("another", SECRET));
        for (int i = 0; i < FORMS.size(); i++) {
            String form = FORMS.get(i).apply(SECRET);

            String shown = secrets.hideIn("key=" + form + ", then more");

            assertThat(shown).as("form %s: %s", i, form).contains("***").endsWith("then more");
            assertThat(shown).as("form %s: %s", i, form).hasSizeLessThan(45);
        }
    }

    @Test
    void anyMixtureOfEscapesIsHidden() {
        for (int i = 0; i < 20_000; i++) {
            String secret = random(8 + random.nextInt(40));
            String mixed = secret.chars().mapToObj(this::mixed).collect(Collectors.joining());
            String text = random(random.nextInt(20)) + "=" + mixed + "=" + random(random.nextInt(20));

            String shown = Secrets.of(List.of(secret)).hideIn(text);

            if (!shown.contains("=***=")) {
                fail("seed " + SEED + ", input " + i + ": " + secret + " in " + text + " gave " + shown);
            }
        }
    }

    private String mixed(int character) {
        return switch (random.nextInt(6)) {
            case 0 -> String.format("%%%02X", character);
            case 1 -> String.format("%%25%02x", character);
            case 2 -> String.format("\\u%04x", character);
            case 3 -> String.format("&#%d;", character);
            default -> String.valueOf((char) character);
        };
    }

    private String random(int length) {
        List<String> characters = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            characters.add(String.valueOf((char) ('A' + random.nextInt(26))));
        }
        return String.join("", characters);
    }

    @Test
    void otherTextStaysAsItIs() {
        Secrets secrets = Secrets.of(List.of("the-secret", "abc"));

        assertThat(secrets.hideIn("100 % of abcd, \\u00zz, &unknown; %zz é"))
                .isEqualTo("100 % of abcd, \\u00zz, &unknown; %zz é");
        assertThat(Secrets.NONE.hideIn("the-secret")).isEqualTo("the-secret");
    }

    @Test
    void aShortOneIsHiddenAsAWord() {
        assertThat(Secrets.of(List.of("abc")).hideIn("abc 'abc' abcd")).isEqualTo("*** '***' abcd");
    }

    @Test
    void theBeginningOfOneIsHiddenWhereTheTextIsCut() {
        Secrets secrets = Secrets.of(List.of("the-secret-of-this-key"));

        assertThat(secrets.hideIn("repeated: the-secret-of", true)).isEqualTo("repeated: ***");
        assertThat(secrets.hideIn("repeated: %74%68%65%2dsecret-of", true)).isEqualTo("repeated: ***");
    }

    @Test
    void areNotShown() {
        assertThat(Secrets.of(List.of("the-secret"))).hasToString("1 secrets");
    }
}
