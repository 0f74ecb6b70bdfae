package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;

/** How requests are signed. */
@PublicEvolving
public sealed interface Signature extends Serializable {

    /** HMAC-SHA1, the default of all official clients. */
    record V1() implements Signature {}

    /**
     * HMAC-SHA256.
     *
     * @param region the service's region, such as {@code cn-hangzhou}; it is part of what is signed
     */
    record V4(String region) implements Signature {

        /** Far longer than any region; a very long text would exhaust the stack of the regular expression. */
        private static final int MAX_REGION = 63;

        private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

        public V4 {
            if (region.length() > MAX_REGION || !REGION.matcher(region).matches()) {
                throw new IllegalArgumentException(
                        "region '" + region + "' is not valid: expected a name such as cn-hangzhou");
            }
        }
    }

    /** The region in the name of a public endpoint of the service; empty for other endpoints. */
    static Optional<String> regionOf(Endpoint endpoint) {
        Matcher matcher = PublicEndpoint.NAME.matcher(endpoint.host());
        return matcher.matches() ? Optional.of(matcher.group("region")) : Optional.empty();
    }

    /** Whether requests to a region are signed with version 4 by default, as the official clients (Go, Java) do. */
    static boolean isV4ByDefault(String region) {
        return region.contains("-acdr-ut-");
    }

    /**
     * Host names that the service documents: {@code <region>[-intranet|-internal|-vpc|-share].log.aliyuncs.com} and
     * {@code <region>.dualstack.log.aliyuncs.com} ("Endpoints", "ListShards"). The acceleration endpoint has no region:
     * {@code log-global.aliyuncs.com}. Every region has a hyphen, also those of the finance and government clouds, such
     * as {@code cn-shanghai-finance-1} and {@code cn-north-2-gov-1}.
     */
    final class PublicEndpoint {

        private static final Pattern NAME = Pattern.compile("(?<region>(?!log-global\\.)[a-z0-9]+(-[a-z0-9]+)+?)"
                + "(-intranet|-internal|-vpc|-share)?(\\.dualstack)?\\.(log|sls)\\.aliyuncs\\.com");

        private PublicEndpoint() {}
    }
}
