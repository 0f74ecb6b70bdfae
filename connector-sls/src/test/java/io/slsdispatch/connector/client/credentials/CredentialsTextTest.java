package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTextTest {

    private static final Credentials TEMPORARY = new Credentials(
            "the-id",
            Secret.of("the-secret"),
            Optional.of(Secret.of("the-token")),
            Optional.of(Instant.parse("2026-01-31T12:00:00Z")));

    @Test
    void readsTheJsonOfAMetadataService() throws Exception {
        String json = """
                {"Code": "Success", "AccessKeyId": "the-id", "AccessKeySecret": "the-secret",
                 "SecurityToken": "the-token", "Expiration": "2026-01-31T12:00:00Z", "LastUpdated": "2026-01-31T06:00:00Z"}
                """;

        assertThat(CredentialsText.parse(json, "text")).isEqualTo(TEMPORARY);
    }

    @Test
    void readsJsonWithTheNamesOfPropertiesFiles() throws Exception {
        String json = """
                {"access-key-id": "the-id", "access-key-secret": "the-secret",
                 "security-token": "the-token", "expiration": "2026-01-31T12:00:00Z"}
                """;

        assertThat(CredentialsText.parse(json, "text")).isEqualTo(TEMPORARY);
    }

    @Test
    void readsProperties() throws Exception {
        String properties = """
                # made by the vault
                access-key-id = the-id
                access-key-secret: the-secret
                """;

        assertThat(CredentialsText.parse(properties, "text")).isEqualTo(Credentials.lasting("the-id", "the-secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF{\"AccessKeyId\": \"the-id\", \"AccessKeySecret\": \"the-secret\\n\"}",
                "\uFEFFaccess-key-id=the-id\r\naccess-key-secret=the-secret\r\n",
                "access-key-id=\uFEFFthe-id\naccess-key-secret=the-secret\\r\\n"
            })
    void ignoresByteOrderMarksAndLineEnds(String text) throws Exception {
        assertThat(CredentialsText.parse(text, "text")).isEqualTo(Credentials.lasting("the-id", "the-secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "access-key-id=id\naccess-key-secret=\uFEFF",
                "{\"AccessKeyId\": \"id\", \"AccessKeySecret\": \"HIDDEN",
                "{\"AccessKeySecret\": \"HIDDEN\"}",
                "{\"AccessKeyId\": {\"x\": 1}, \"AccessKeySecret\": \"HIDDEN\"}",
                "access-key-secret=HIDDEN",
                "access-key-id=id\naccess-key-secret=\nsecurity-token=HIDDEN",
                "access-key-id=id\naccess-key-secret=HIDDEN\nexpiration=HIDDEN",
                "{\"Code\": \"Failed\", \"AccessKeyId\": \"id\", \"AccessKeySecret\": \"HIDDEN\"}",
                "\\u00zz HIDDEN"
            })
    void saysWhereItLooksWithoutRepeatingWhatItFinds(String text) {
        assertThatThrownBy(() -> CredentialsText.parse(text, "credentials file x"))
                .isInstanceOf(NoCredentialsException.class)
                .hasNoCause()
                .hasMessageStartingWith("credentials file x")
                .message()
                .doesNotContain("HIDDEN");
    }

    @Test
    void credentialsDoNotShowThemselves() {
        assertThat(TEMPORARY.toString())
                .isEqualTo("temporary credentials until 2026-01-31T12:00:00Z")
                .doesNotContain("the-");
        assertThat(TEMPORARY.accessKeySecret().toString()).isEqualTo("***");
        assertThat(TEMPORARY.secrets().hideIn("sent the-token, signed with the-secret"))
                .isEqualTo("sent ***, signed with ***");
    }
}
