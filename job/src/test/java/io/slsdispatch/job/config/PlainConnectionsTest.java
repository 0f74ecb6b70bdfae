package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainConnectionsTest {

    private static final String KEYS = "{access-key-id: '${ID}', access-key-secret: '${KEY}'}";
    private static final String TOKEN =
            "{access-key-id: '${ID}', access-key-secret: '${KEY}', security-token: '${TOKEN}'}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "cn-hangzhou.log.aliyuncs.com",
        "http://cn-hangzhou.log.aliyuncs.com:8080",
        "cn-hangzhou.dualstack.log.aliyuncs.com",
        "log-global.aliyuncs.com"
    })
    void warnsOfAPublicEndpoint(String endpoint) throws Exception {
        assertThat(warnings(endpoint, KEYS)).singleElement().satisfies(warning -> assertThat(warning)
                .startsWith("source, target x: the endpoint http://")
                .contains("is without TLS and public: log groups can be read on their way through the Internet")
                .endsWith(". Use https://")
                .doesNotContain("token"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cn-hangzhou-intranet.log.aliyuncs.com | " + TOKEN,
                "sls.example.com | " + TOKEN,
                "10.0.0.7:8080 | ecs-ram-role",
                "'[2001:db8::1]' | oidc",
                "sls.example.com | default",
                "sls.example.com | {uri: 'http://127.0.0.1/role'}",
                "sls.example.com | {assume-role: {role-arn: 'acs:ram::1:role/r', from: {file: keys}}}",
                "sls.example.com | [{file: keys}, oidc]"
            })
    void warnsOfASecurityToken(String endpoint, String credentials) throws Exception {
        assertThat(warnings(endpoint, credentials)).singleElement().satisfies(warning -> assertThat(warning)
                .contains("on the network, others can read the security token of the credentials"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://cn-hangzhou.log.aliyuncs.com | oidc",
                "https://sls.example.com | " + TOKEN,
                "cn-hangzhou-internal.log.aliyuncs.com | " + KEYS,
                "cn-hangzhou-share.log.aliyuncs.com | " + KEYS,
                "ep-1.cn-hangzhou.privatelink.aliyuncs.com | " + KEYS,
                "sls.example.com | " + KEYS,
                "127.0.0.1:10012 | oidc",
                "localhost | ecs-ram-role",
                "'[::1]:80' | default",
                "'[0:0:0:0:0:0:0:1]' | default"
            })
    void acceptsWhatIsEncryptedOrPrivate(String endpoint, String credentials) throws Exception {
        assertThat(warnings(endpoint, credentials)).isEmpty();
    }

    @Test
    void mentionsBothDangers() throws Exception {
        assertThat(warnings("cn-hangzhou.log.aliyuncs.com", "oidc"))
                .containsExactly("source, target x: the endpoint http://cn-hangzhou.log.aliyuncs.com is without TLS and"
                        + " public: log groups can be read on their way through the Internet, and so can the security"
                        + " token of the credentials. Use https://");
    }

    private List<String> warnings(String endpoint, String credentials) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: %s
                  project: my-project
                  logstore: all-logs
                  credentials: %s
                targets: [{name: x, logstore: x-logs}]
                routes: [{topic: x, to: x}]
                default-route: drop
                """.formatted(
                        endpoint.startsWith("[") ? "'" + endpoint + "'" : endpoint, credentials));
        return PlainConnections.warnings(ConfigReader.readFile(file, Map.of(), Instant.EPOCH));
    }
}
