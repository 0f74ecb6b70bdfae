package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slsdispatch.connector.config.CredentialsConfig.UriTemplate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UriTemplateTest {

    private static final Map<String, String> VALUES = Map.of("KEY", "the-key\n", "ROLE", "a-role", "BAD", "a b");

    @Test
    void itsVariablesAreReplacedWhereTheClientIs() {
        UriTemplate template = new UriTemplate("http://h:8080/${ROLE}?key=${KEY}&n=${NONE:-1}");

        assertThat(template.resolve(VALUES::get).uri()).hasToString("http://h:8080/a-role?key=the-key&n=1");
    }

    @Test
    void oneVariableMayBeTheWholeAddress() {
        UriTemplate template = new UriTemplate("${WHOLE}");

        assertThat(template.resolve(name -> "http://h/c?key=the-key").uri()).hasToString("http://h/c?key=the-key");
        assertThatIllegalArgumentException().isThrownBy(() -> template.resolve(name -> "http://u:p@h/"));
        assertThatIllegalArgumentException().isThrownBy(() -> template.resolve(name -> "ftp://h/"));
    }

    @Test
    void doesNotShowItsQuery() {
        assertThat(new UriTemplate("http://h/${ROLE}?key=abc")).hasToString("address http://h/${ROLE}");
        assertThat(new UriTemplate("https://h/c?key=${KEY}").toString())
                .isEqualTo(new UriTemplate("https://h/c?key=${KEY}")
                        .resolve(VALUES::get)
                        .toString());
    }

    @Test
    void aVariableThatIsMissingIsNamed() {
        UriTemplate template = new UriTemplate("http://h/c?key=${MISSING_KEY}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.resolve(VALUES::get))
                .withMessageContaining("environment variable MISSING_KEY is not set in process");
    }

    @Test
    void anAddressThatItsValuesMakeInvalidIsNotShown() {
        UriTemplate template = new UriTemplate("http://h/c?key=${BAD}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.resolve(VALUES::get))
                .withMessageNotContaining("a b")
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/${A}", "h/${A}", "http://u:p@h/${A}", "http:///${A}", "http://${A}@h/"})
    void anotherFormIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new UriTemplate(text));
    }
}
