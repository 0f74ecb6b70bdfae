package io.slsdispatch.connector.client.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.config.Endpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdkRequestsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cn-hangzhou.log.aliyuncs.com",
                "https://cn-hangzhou.log.aliyuncs.com.:8443",
                "https://cn-qingdao-acdr-ut-1-intranet.log.aliyuncs.com",
                "cn-north-2-gov-1-internal.log.aliyuncs.com",
                "cn-hangzhou.dualstack.log.aliyuncs.com",
                "log-global.aliyuncs.com",
                "sls",
                "localhost:10012",
                "10.0.0.7:8080",
                "[::1]:8080",
                "https://[2001:db8::]",
                "[::ffff:10.0.0.7]"
            })
    void theSdkAcceptsEveryFormOfEndpoint(String endpoint) {
        ApiRequest request =
                new SdkRequests(Endpoint.parse(endpoint)).of(sdk -> sdk.GetLogStore("my-project", "my-store"));

        assertThat(request.project()).isEqualTo("my-project");
        assertThat(request.path()).isEqualTo("/logstores/my-store");
        assertThat(request.headers().keySet())
                .doesNotContain("authorization", "x-log-date", "x-log-content-sha256", "host");
    }
}
