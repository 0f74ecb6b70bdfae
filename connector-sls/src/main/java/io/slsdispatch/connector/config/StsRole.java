package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A RAM role and how temporary credentials for it are requested from the Security Token Service.
 *
 * @param arn such as {@code acs:ram::1234567890123456:role/sls-writer}; null for the environment variable {@code
 *     ALIBABA_CLOUD_ROLE_ARN} (OIDC only)
 * @param sessionName appears in the audit log of the account: 2 to 64 of letters, digits and {@code . @ - _}
 * @param duration how long the credentials live: 15 min to 12 h, and at most what the role allows
 * @param endpoint null for the variables {@code ALIBABA_CLOUD_STS_REGION} and {@code
 *     ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED} (OIDC only), else {@link StsEndpoint#CENTRAL}
 */
@PublicEvolving
public record StsRole(
        @Nullable String arn,
        String sessionName,
        Duration duration,
        @Nullable StsEndpoint endpoint) implements Serializable {

    /** Enough to find the job in the audit log. */
    public static final String DEFAULT_SESSION_NAME = "sls-dispatch";

    /** What STS uses if a request contains none. */
    public static final Duration DEFAULT_DURATION = Duration.ofHours(1);

    /** The shortest duration that STS accepts. */
    public static final Duration MIN_DURATION = Duration.ofMinutes(15);

    /** The longest duration that a role can allow. */
    public static final Duration MAX_DURATION = Duration.ofHours(12);

    private static final Pattern ARN = Pattern.compile("acs:ram::[0-9]{1,32}:role/[A-Za-z0-9._/-]{1,128}");
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9.@_-]{2,64}");

    public StsRole {
        if (arn != null && !ARN.matcher(arn).matches()) {
            throw new IllegalArgumentException("the role ARN is not of the form acs:ram::ACCOUNT-ID:role/ROLE-NAME");
        }
        if (!SESSION.matcher(sessionName).matches()) {
            throw new IllegalArgumentException(
                    "the session name is not valid: expected 2 to 64 letters, digits and . @ - _");
        }
        if (duration.compareTo(MIN_DURATION) < 0 || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("the duration " + Durations.text(duration)
                    + " of a session is not between " + Durations.text(MIN_DURATION) + " and "
                    + Durations.text(MAX_DURATION));
        }
    }

    /** A role with default session name, duration and endpoint. */
    public static StsRole of(String arn) {
        return new Builder().arn(arn).build();
    }

    /** Starts from defaults, without an ARN. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a role that differs from the defaults. */
    public static final class Builder {

        private @Nullable String arn;
        private String sessionName = DEFAULT_SESSION_NAME;
        private Duration duration = DEFAULT_DURATION;
        private @Nullable StsEndpoint endpoint;

        private Builder() {}

        /** Default: that of the environment variables, which only OIDC has. */
        public Builder arn(@Nullable String arn) {
            this.arn = arn;
            return this;
        }

        /** Default: {@link StsRole#DEFAULT_SESSION_NAME}. */
        public Builder sessionName(String sessionName) {
            this.sessionName = sessionName;
            return this;
        }

        /** Default: {@link StsRole#DEFAULT_DURATION}. */
        public Builder duration(Duration duration) {
            this.duration = duration;
            return this;
        }

        /** Default: null. */
        public Builder endpoint(@Nullable StsEndpoint endpoint) {
            this.endpoint = endpoint;
            return this;
        }

        public StsRole build() {
            return new StsRole(arn, sessionName, duration, endpoint);
        }
    }

    @Override
    public String toString() {
        return arn == null ? "role of the environment variables" : "role " + arn;
    }
}
