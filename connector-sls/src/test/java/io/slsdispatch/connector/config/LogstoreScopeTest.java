package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogstoreScopeTest {

    private static LogstoreScope at(String endpoint, @Nullable String region, boolean isDistinct) {
        return LogstoreScope.of(Endpoint.parse(endpoint), region, isDistinct);
    }

    private static LogstoreScope at(String endpoint) {
        return at(endpoint, null, false);
    }

    @Test
    void addressesSayNothingUnlessTheyNameTwoRegions() {
        assertThat(at("127.0.0.1:8080").isOneWith(at("localhost:8080"))).isTrue();
        assertThat(at("sls.corp").isOneWith(at("cn-hangzhou.log.aliyuncs.com"))).isTrue();
        assertThat(at("sls.corp", "cn-a", false).isOneWith(at("other.corp"))).isTrue();
        assertThat(at("sls.corp", "cn-a", false).isOneWith(at("other.corp", "cn-a", false)))
                .isTrue();
        assertThat(at("sls.corp", "cn-a", false).isOneWith(at("other.corp", "cn-b", false)))
                .isFalse();
        assertThat(at("cn-beijing.log.aliyuncs.com").isOneWith(at("cn-hangzhou.log.aliyuncs.com")))
                .isFalse();
    }

    @Test
    void everyPublicNameOfARegionIsThatRegion() {
        for (String name : List.of(
                "cn-hangzhou.log.aliyuncs.com",
                "https://cn-hangzhou.log.aliyuncs.com",
                "cn-hangzhou-intranet.log.aliyuncs.com",
                "cn-hangzhou-internal.log.aliyuncs.com",
                "cn-hangzhou-vpc.log.aliyuncs.com",
                "cn-hangzhou-share.log.aliyuncs.com",
                "cn-hangzhou.dualstack.log.aliyuncs.com",
                "cn-hangzhou.sls.aliyuncs.com")) {
            assertThat(at(name).text()).as(name).isEqualTo("region:cn-hangzhou");
        }
        assertThat(at("log-global.aliyuncs.com").text()).isEmpty();
        assertThat(at("cn-beijing.log.aliyuncs.com", "cn-hangzhou", false).text())
                .as("what contradicts itself is not known")
                .isEmpty();
    }

    @Test
    void whatIsSaidToBeDistinctIsKnownByItsHost() {
        LogstoreScope distinct = at("https://127.0.0.1:8080", "cn-a", true);

        assertThat(distinct.isOneWith(at("localhost:8080"))).isFalse();
        assertThat(at("localhost:8080").isOneWith(distinct)).isFalse();
        assertThat(distinct.isOneWith(at("127.0.0.1:9090", "cn-a", false))).isFalse();
        assertThat(distinct.text()).isEqualTo("host:127.0.0.1:8080");
        assertThat(at("https://sls.corp", null, true).text())
                .isEqualTo(at("http://sls.corp", null, true).text())
                .isEqualTo("host:sls.corp");
        assertThat(at("http://[::1]:8080", null, true).text()).isEqualTo("host:[::1]:8080");
    }

    @Test
    void travelsWithTheJob() throws Exception {
        for (LogstoreScope scope : List.of(at("sls.corp"), at("cn-hangzhou.log.aliyuncs.com", null, true))) {
            LogstoreScope copy = InstantiationUtil.clone(scope);
            assertThat(copy).isEqualTo(scope);
        }
    }

    @Test
    void nothingMakesOneAddressOrOnePublicRegionTwo() {
        assertThat(at("sls.corp", "cn-a", true).isOneWith(at("https://sls.corp", "cn-b", true)))
                .isTrue();
        assertThat(at("cn-a.log.aliyuncs.com", null, true).isOneWith(at("cn-a-vpc.log.aliyuncs.com")))
                .isTrue();
    }
}
