package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "cn-hangzhou.log.aliyuncs.com,          false, cn-hangzhou.log.aliyuncs.com, 80,   false",
        "https://cn-hangzhou.log.aliyuncs.com/, true,  cn-hangzhou.log.aliyuncs.com, 443,  false",
        "HTTP://Some.Host:8080,                 false, some.host,                    8080, false",
        "http://127.0.0.1:4567,                 false, 127.0.0.1,                    4567, true",
        "https://localhost:8443,                true,  localhost,                    8443, true",
        "http://[::1]:80,                       false, ::1,                          80,   true",
        "10.1.2.3,                              false, 10.1.2.3,                     80,   true",
        "[2001:db8::1],                         false, 2001:db8::1,                  80,   true",
        "https://[::ffff:10.1.2.3]:8443/,       true,  ::ffff:10.1.2.3,              8443, true",
        "https://cn-hangzhou.log.aliyuncs.com.:8443, true, cn-hangzhou.log.aliyuncs.com, 8443, false",
        "127.0.0.1.,                            false, 127.0.0.1,                    80,   true",
        "localhost.,                            false, localhost,                    80,   true"
    })
    void readsSchemeHostAndPort(String text, boolean tls, String host, int port, boolean direct) {
        Endpoint endpoint = Endpoint.parse(text);

        assertThat(endpoint).isEqualTo(new Endpoint(tls, host, port));
        assertThat(endpoint.isDirect()).isEqualTo(direct);
        assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://",
                "ftp://host",
                "http://host/path",
                "http://user:secret@host",
                "host:port",
                "host:0",
                "host:70000",
                "ho st",
                "-host",
                "http://[nonsense]",
                "http://[1::2::3]",
                "http://[fe80::1%eth0]",
                "http://[:]",
                "10.0.0.256",
                "host..",
                "."
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "my-project.cn-hangzhou.log.aliyuncs.com,               my-project, cn-hangzhou.log.aliyuncs.com",
        "https://p1.ap-southeast-1-intranet.log.aliyuncs.com/,  p1,         ap-southeast-1-intranet.log.aliyuncs.com",
        "HTTPS://P1.CN-Hangzhou.dualstack.log.aliyuncs.com:443, p1,         cn-hangzhou.dualstack.log.aliyuncs.com",
        "p1.cn-hangzhou.sls.aliyuncs.com,                       p1,         cn-hangzhou.sls.aliyuncs.com",
        "p1.log-global.aliyuncs.com,                            p1,         log-global.aliyuncs.com"
    })
    void refusesAProjectInAPublicEndpoint(String text, String project, String endpoint) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contains the project '" + project + "'")
                .hasMessageContaining("use the endpoint " + endpoint + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cn-hangzhou.dualstack.log.aliyuncs.com",
                "cn-shanghai-finance-1-intranet.log.aliyuncs.com",
                "log-global.aliyuncs.com",
                "pub-cn-hangzhou-staging-share.sls.aliyuncs.com",
                "p1.cn-hangzhou.log.aliyuncs.com.proxy.example",
                "p1.cn-hangzhou.example"
            })
    void takesEndpointsThatOnlyResembleOneWithAProject(String text) {
        assertThat(Endpoint.parse(text).host()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "https://sls.example.com/my-project, contains a path",
        "sls.example.com/logstores/secret,   contains a path",
        "http://sls.example.com?a=secret,    contains a query",
        "https://user:secret@sls.test,       contains a user",
        "https://user:secret@sls.test/path,  contains a user",
        "http://2001:db8::1,                 needs brackets",
        "::1,                                needs brackets",
        "http://10.0.0.256,                  not a valid IP address",
        "http://[1::2::3]:80,                not a valid IP address"
    })
    void saysWhatIsWrongAndRepeatsNoSecret(String text, String problem) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .message()
                .doesNotContain("secret");
    }

    /** Expressions for names take stack for each part. */
    @Test
    void refusesNamesOfAnyLength() {
        String host = "a.".repeat(50_000) + "com";
        assertThatThrownBy(() -> Endpoint.parse(host))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a host name");
        String region = "a-".repeat(50_000) + "b";
        assertThatThrownBy(() -> new Signature.V4(region)).isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * Sources: "Endpoints", "ListShards" and "Regions" in the service's documentation; for acdr, the tests of the Go
     * client.
     */
    @ParameterizedTest
    @CsvSource({
        "cn-hangzhou.log.aliyuncs.com,                         cn-hangzhou",
        "cn-hangzhou.log.aliyuncs.com.,                        cn-hangzhou",
        "https://CN-Hangzhou.log.aliyuncs.com:443/,            cn-hangzhou",
        "cn-hangzhou.sls.aliyuncs.com,                         cn-hangzhou",
        "ap-southeast-1-intranet.log.aliyuncs.com,             ap-southeast-1",
        "cn-beijing-internal.log.aliyuncs.com,                 cn-beijing",
        "cn-hangzhou-share.log.aliyuncs.com,                   cn-hangzhou",
        "us-east-1-vpc.log.aliyuncs.com,                       us-east-1",
        "cn-hangzhou.dualstack.log.aliyuncs.com,               cn-hangzhou",
        "cn-hangzhou-intranet.dualstack.log.aliyuncs.com,      cn-hangzhou",
        "cn-shanghai-finance-1.log.aliyuncs.com,               cn-shanghai-finance-1",
        "cn-hangzhou-finance-intranet.log.aliyuncs.com,        cn-hangzhou-finance",
        "cn-north-2-gov-1.log.aliyuncs.com,                    cn-north-2-gov-1",
        "cn-north-2-gov-1-internal.log.aliyuncs.com,           cn-north-2-gov-1",
        "cn-qingdao-acdr-ut-1-intranet.log.aliyuncs.com,       cn-qingdao-acdr-ut-1",
        "xx-test-acdr-ut-1.log.aliyuncs.com,                   xx-test-acdr-ut-1",
    })
    void knowsTheRegionOfAPublicEndpoint(String text, String region) {
        assertThat(Signature.regionOf(Endpoint.parse(text))).hasValue(region);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log-global.aliyuncs.com",
                "log-global.log.aliyuncs.com",
                "sls.log.aliyuncs.com",
                "sls.example.com",
                "ep-abc.cn-hangzhou.privatelink.aliyuncs.com",
                "cn-hangzhou.log.aliyuncs.com.example.com",
                "10.0.0.1",
                "[::1]"
            })
    void guessesNoRegion(String text) {
        assertThat(Signature.regionOf(Endpoint.parse(text))).isEmpty();
    }

    @Test
    void knowsRegionsThatUseVersion4ByDefault() {
        assertThat(Signature.isV4ByDefault("cn-qingdao-acdr-ut-1")).isTrue();
        assertThat(Signature.isV4ByDefault("cn-heyuan-acdr-1")).isFalse();
    }
}
