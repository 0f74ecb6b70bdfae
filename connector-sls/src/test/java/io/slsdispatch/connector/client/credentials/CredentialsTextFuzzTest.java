package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Answers of addresses that give out credentials, and files of credentials, as nobody meant them. */
class CredentialsTextFuzzTest {

    private static final List<byte[]> VALID = Stream.of(
                    """
                    {"Code": "Success", "AccessKeyId": "STS.id", "AccessKeySecret": "secret", "SecurityToken": "token",
                     "Expiration": "2026-01-01T00:00:00Z", "LastUpdated": "2025-12-31T18:00:00Z"}
                    """,
                    "{\"access-key-id\":\"id\",\"access-key-secret\":\"s\\u0065cret\",\"x\":[{\"y\":[1,2.5,true,null]}]}",
                    "access-key-id=id\naccess-key-secret=secret\nsecurity-token = token\n",
                    "# comment\naccessKeyId: id\naccessKeySecret: sec\\\n  ret\nexpiration=2026-01-01T00:00:00Z\n")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    @Test
    void endsWithCredentialsOrSaysWhyThereAreNone() throws InterruptedException {
        Fuzz.run(VALID, input -> {
            try {
                assertThat(CredentialsText.parse(new String(input, StandardCharsets.UTF_8), "here"))
                        .isNotNull();
            } catch (NoCredentialsException none) {
                assertThat(none).hasMessageContaining("here");
            }
        });
    }
}
