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
        "10.1.2.3,                              false, 10.1.2.3,                     80,   true"
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
                "http://[nonsense]"
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

    @Test
    void knowsTheRegionOfAPublicEndpoint() {
        assertThat(Signature.regionOf(Endpoint.parse("cn-hangzhou.log.aliyuncs.com")))
                .hasValue("cn-hangzhou");
        assertThat(Signature.regionOf(Endpoint.parse("ap-southeast-1-intranet.log.aliyuncs.com")))
                .hasValue("ap-southeast-1");
        assertThat(Signature.regionOf(Endpoint.parse("sls.example.com"))).isEmpty();
    }
}
