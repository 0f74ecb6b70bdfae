package io.slsdispatch.connector.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignTextTest {

    private static final Secrets SECRETS = Secrets.of(List.of("the-secret-of-the-key"));

    @Test
    void aMessageIsOneVisibleLineWithoutSecrets() {
        String text =
                " a\n  ok  source\u2028b\u0085c\u001b[31m \u202ed the-secret-of-the-key%20the%2Dsecret-of-the-key ";

        assertThat(ForeignText.line(text, SECRETS, 500))
                .isEqualTo("a ok source b\\u0085c\\u001b[31m \\u202ed ***%20***");
    }

    @Test
    void aNameShowsEveryCharacterThatIsNotSeen() {
        assertThat(ForeignText.name("A\nB\u00a0C\u200bD\u3164E\ud800", SECRETS, 500))
                .isEqualTo("A\\u000aB\\u00a0C\\u200bD\\u3164E\\ud800");
    }

    @Test
    void isCutWithoutShowingTheBeginningOfASecret() {
        assertThat(ForeignText.line("x".repeat(60_000), SECRETS, 100)).isEqualTo("x".repeat(100) + "...");
        assertThat(ForeignText.name("\u0007".repeat(100), SECRETS, 100)).hasSize(103);
        assertThat(ForeignText.line("x".repeat(90) + "the-secret-of-the-key", SECRETS, 100))
                .isEqualTo("x".repeat(90) + "***");
        String beyond = "y".repeat((1 << 16) - 10) + "the-secret-of-the-key";
        assertThat(ForeignText.line(beyond, SECRETS, 1 << 20)).endsWith("y***");
    }

    @Test
    void aPairIsNotSplit() {
        assertThat(ForeignText.line("x".repeat(99) + "\ud83d\ude00", SECRETS, 100))
                .doesNotContain("\ud83d");
    }

    @Test
    void aCauseIsACopyWithoutSecrets() {
        Exception original = new IllegalStateException(
                "a\u001b[2J", new IOException("sent the-secret-of-the-key", new IOException("b".repeat(10_000))));

        ReportedCause copy = ReportedCause.of(original, SECRETS);

        assertThat(copy)
                .hasToString("java.lang.IllegalStateException: a\\u001b[2J")
                .hasStackTraceContaining("java.io.IOException: sent ***");
        assertThat(copy.getStackTrace()).isEqualTo(original.getStackTrace());
        assertThat(copy.getCause().getCause().getMessage()).hasSize(503);
        assertThat(ReportedCause.of(copy, Secrets.NONE)).isSameAs(copy);
        assertThat(ReportedCause.of(null, SECRETS)).isNull();
    }
}
