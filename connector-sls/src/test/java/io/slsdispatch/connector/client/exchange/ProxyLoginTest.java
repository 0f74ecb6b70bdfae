package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.credentials.ProxyLogin;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyLoginTest {

    private static final Endpoint ENDPOINT = Endpoint.parse("http://sls.test");
    private static final ProxyConfig PROXY = new ProxyConfig("proxy", 3128, "USER", "PASSWORD");

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"user,word", "'user\n','word\n'", "'user\r\n','word\r\n'", "'\uFEFFuser','\uFEFFword\n\n'"})
    void logsInToTheProxyWithoutWhatAFileAddsToASecret(String user, String password) {
        Addressing addressing =
                new Addressing(ENDPOINT, ProjectIn.HOST, PROXY, Map.of("USER", user, "PASSWORD", password)::get);

        assertThat(addressing.proxyAuthorization()).isEqualTo("Basic " + base64("user:word"));
        assertThat(addressing.proxyLogin()).isEqualTo(new ProxyLogin("user", "word"));
    }

    @Test
    void keepsTheBlanksOfAPassword() {
        Addressing addressing =
                new Addressing(ENDPOINT, ProjectIn.HOST, PROXY, Map.of("USER", "user", "PASSWORD", " a word \n")::get);

        assertThat(addressing.proxyAuthorization()).isEqualTo("Basic " + base64("user: a word "));
    }

    @Test
    void namesAVariableOfTheProxyThatHoldsNothing() {
        assertThatThrownBy(() ->
                        new Addressing(ENDPOINT, ProjectIn.HOST, PROXY, Map.of("USER", "user", "PASSWORD", "\n")::get))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("environment variable PASSWORD is not set");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
