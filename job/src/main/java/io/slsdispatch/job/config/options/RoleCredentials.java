package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import io.slsdispatch.job.yaml.JsonSchemas;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.SourceLocation;
import io.slsdispatch.job.yaml.Suggestion;
import io.slsdispatch.job.yaml.ValueType;
import io.slsdispatch.job.yaml.Variables;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one way to get temporary credentials of a RAM role. As in all of the credentials, no message
 * repeats a value.
 */
final class RoleCredentials {

    static final String MACHINE = "ecs-ram-role";
    static final String OIDC = "oidc";
    static final String ASSUME = "assume-role";
    static final String DEFAULT = "default";

    /** The ways: each is a key of the credentials option. */
    static final List<String> WAYS = List.of(MACHINE, OIDC, ASSUME, DEFAULT);

    /** The ways that need no settings: they may be written as one word. */
    static final List<String> WORDS = List.of(MACHINE, OIDC, DEFAULT);

    private static final String FROM = "from";

    private record Setting<T>(String key, ScalarType<T> type) {}

    private static final Setting<String> ROLE = new Setting<>(
            "role",
            new ScalarType<>(
                    "the name of a RAM role: 1 to 64 letters, digits and . _ -",
                    JsonSchemas.name("[A-Za-z0-9._-]{1,64}"),
                    text -> machine(text, EcsRamRole.METADATA_SERVICE).role()));
    private static final Setting<PlainCalls> PLAIN_CALLS =
            new Setting<>("plain-calls", ScalarTypes.ofEnum(PlainCalls.class));
    private static final Setting<URI> METADATA_ADDRESS = new Setting<>(
            "metadata-address",
            new ScalarType<>(
                    "http://host[:port] of the metadata service, without a path",
                    JsonSchemas.matching("[hH][tT][tT][pP][sS]?://[^/]+/?"),
                    text -> machine(null, URI.create(text)).address()));
    private static final Setting<String> ROLE_ARN = new Setting<>(
            "role-arn",
            new ScalarType<>(
                    "acs:ram::ACCOUNT-ID:role/ROLE-NAME",
                    JsonSchemas.matching("acs:ram::[0-9]+:role/.+"),
                    text -> StsRole.of(text).arn()));
    private static final Setting<String> PROVIDER_ARN = new Setting<>(
            "provider-arn",
            new ScalarType<>(
                    "acs:ram::ACCOUNT-ID:oidc-provider/NAME",
                    JsonSchemas.matching("acs:ram::[0-9]+:oidc-provider/.+"),
                    text -> new Oidc(StsRole.builder().build(), text, null).providerArn()));
    private static final Setting<String> TOKEN_FILE =
            new Setting<>("token-file", new ScalarType<>("a path", text -> text));
    private static final Setting<String> EXTERNAL_ID = new Setting<>(
            "external-id",
            new ScalarType<>(
                    "2 to 1224 letters, digits and + = , . @ : / _ -",
                    JsonSchemas.name("[A-Za-z0-9+=,.@:/_-]{2,1224}"),
                    text -> new AssumeRole(StsRole.of("acs:ram::1:role/any"), text, new CredentialsConfig.Default())
                            .externalId()));
    private static final Setting<String> SESSION_NAME = new Setting<>(
            "session-name",
            new ScalarType<>(
                    "2 to 64 letters, digits and . @ - _",
                    JsonSchemas.name("[A-Za-z0-9.@_-]{2,64}"),
                    text -> StsRole.builder().sessionName(text).build().sessionName()));
    private static final Setting<Duration> DURATION = new Setting<>(
            "duration",
            new ScalarType<>("a duration from 15 min to 12 h", ScalarTypes.DURATION.schema(), text -> StsRole.builder()
                    .duration(ScalarTypes.DURATION.parse(text))
                    .build()
                    .duration()));
    private static final Setting<StsEndpoint> STS_ENDPOINT = new Setting<>(
            "sts-endpoint",
            new ScalarType<>("[https://]host[:port]; http:// is for 127.0.0.1 only", StsEndpoint::parse));
    private static final Setting<String> STS_REGION = new Setting<>(
            "sts-region",
            new ScalarType<>("a region such as cn-hangzhou", JsonSchemas.matching("[a-z0-9]+(-[a-z0-9]+)*"), text -> {
                StsEndpoint unused = StsEndpoint.ofRegion(text, false);
                return text;
            }));
    private static final Setting<Boolean> STS_VPC = new Setting<>("sts-vpc", ScalarTypes.BOOLEAN);

    private static final List<Setting<?>> SESSION =
            List.of(ROLE_ARN, SESSION_NAME, DURATION, STS_ENDPOINT, STS_REGION, STS_VPC);

    private final Mapping settings;
    private final ReadContext context;
    private boolean failed;

    private RoleCredentials(Mapping settings, ReadContext context) {
        this.settings = settings;
        this.context = context;
    }

    private static EcsRamRole machine(@Nullable String role, URI address) {
        return new EcsRamRole(role, PlainCalls.WHEN_TOKEN_UNKNOWN, address);
    }

    private static List<Setting<?>> settingsOf(String way) {
        List<Setting<?>> settings = new ArrayList<>();
        switch (way) {
            case MACHINE -> settings.addAll(List.of(ROLE, PLAIN_CALLS, METADATA_ADDRESS));
            case OIDC -> {
                settings.addAll(SESSION);
                settings.addAll(List.of(PROVIDER_ARN, TOKEN_FILE));
            }
            case ASSUME -> {
                settings.addAll(SESSION);
                settings.add(EXTERNAL_ID);
            }
            default -> {
                // It has none.
            }
        }
        return settings;
    }

    /** The schema of the settings of a way. */
    static Map<String, Object> schema(String way) {
        Map<String, Object> properties = new LinkedHashMap<>();
        settingsOf(way)
                .forEach(setting -> properties.put(setting.key(), setting.type().schema()));
        if (way.equals(ASSUME)) {
            properties.put(FROM, JsonSchemas.definition("credentials"));
            return JsonSchemas.object(properties, List.of(ROLE_ARN.key()));
        }
        return JsonSchemas.anyOf(JsonSchemas.object(properties, List.of()), Map.of("type", "null"));
    }

    /** A way without settings. */
    static CredentialsConfig of(String word) {
        return switch (word) {
            case MACHINE -> EcsRamRole.any();
            case OIDC -> Oidc.ofEnvironment();
            default -> new CredentialsConfig.Default();
        };
    }

    /**
     * Reads the settings of a way; null, with an error, when they are invalid.
     *
     * @param credentials type of the setting {@code from}
     */
    static @Nullable CredentialsConfig read(
            String way, ConfigNode node, ReadContext context, ValueType<CredentialsConfig> credentials) {
        if (!(node instanceof Mapping settings)) {
            if (node instanceof ConfigNode.Empty && WORDS.contains(way)) {
                return of(way);
            }
            context.errors().add(node.location(), "Expected a mapping of settings; found " + node.kind() + ".", "");
            return null;
        }
        RoleCredentials reader = new RoleCredentials(settings, context);
        reader.refuseUnknownKeys(way);
        CredentialsConfig read =
                switch (way) {
                    case MACHINE -> reader.machine();
                    case OIDC -> reader.oidc();
                    case ASSUME -> reader.assumeRole(credentials);
                    default -> new CredentialsConfig.Default();
                };
        return reader.failed ? null : read;
    }

    private CredentialsConfig machine() {
        return new EcsRamRole(
                value(ROLE),
                Objects.requireNonNullElse(value(PLAIN_CALLS), PlainCalls.WHEN_TOKEN_UNKNOWN),
                Objects.requireNonNullElse(value(METADATA_ADDRESS), EcsRamRole.METADATA_SERVICE));
    }

    private CredentialsConfig oidc() {
        return new Oidc(role(), value(PROVIDER_ARN), value(TOKEN_FILE));
    }

    private @Nullable CredentialsConfig assumeRole(ValueType<CredentialsConfig> credentials) {
        StsRole role = role();
        String externalId = value(EXTERNAL_ID);
        if (!settings.entries().containsKey(ROLE_ARN.key())) {
            fail(
                    settings.location().missing(ROLE_ARN.key()),
                    "Missing; expected " + ROLE_ARN.type().expectation());
        }
        ConfigNode fromNode = settings.entries().get(FROM);
        CredentialsConfig from =
                fromNode == null ? new CredentialsConfig.Default() : credentials.read(fromNode, context);
        failed |= from == null;
        return failed || from == null ? null : new AssumeRole(role, externalId, from);
    }

    private StsRole role() {
        StsRole.Builder role = StsRole.builder().arn(value(ROLE_ARN)).endpoint(stsEndpoint());
        String session = value(SESSION_NAME);
        Duration duration = value(DURATION);
        return role.sessionName(session == null ? StsRole.DEFAULT_SESSION_NAME : session)
                .duration(duration == null ? StsRole.DEFAULT_DURATION : duration)
                .build();
    }

    private @Nullable StsEndpoint stsEndpoint() {
        StsEndpoint endpoint = value(STS_ENDPOINT);
        String region = value(STS_REGION);
        Boolean vpc = value(STS_VPC);
        Map<String, ConfigNode> entries = settings.entries();
        if (entries.containsKey(STS_ENDPOINT.key()) && entries.containsKey(STS_REGION.key())) {
            fail(settings.location(), "Set 'sts-endpoint' or 'sts-region', not both");
        }
        if (entries.containsKey(STS_VPC.key()) && !entries.containsKey(STS_REGION.key())) {
            fail(settings.location(), "'sts-vpc' requires 'sts-region'");
        }
        return region == null ? endpoint : StsEndpoint.ofRegion(region, Boolean.TRUE.equals(vpc));
    }

    private void refuseUnknownKeys(String way) {
        List<String> known =
                new ArrayList<>(settingsOf(way).stream().map(Setting::key).toList());
        if (way.equals(ASSUME)) {
            known.add(FROM);
        }
        settings.entries().forEach((key, node) -> {
            if (!known.contains(key)) {
                failed = true;
                context.errors()
                        .add(
                                settings.location()
                                        .child(shown(key), node.location().where()),
                                "Unknown key.",
                                known.isEmpty() ? "It has no settings." : Suggestion.instead(key, known));
            }
        });
    }

    /** The value of a setting; null when it is absent or, with an error, invalid. */
    private <T> @Nullable T value(Setting<T> setting) {
        ConfigNode node = settings.entries().get(setting.key());
        if (node == null) {
            return null;
        }
        if (node instanceof Scalar text && !text.raw().isBlank()) {
            Variables.Expanded expanded = context.variables().expand(text, context.errors());
            if (expanded == null) {
                failed = true;
                return null;
            }
            try {
                return setting.type().parse(expanded.value());
            } catch (IllegalArgumentException e) {
                // Its message may repeat the value.
            }
        }
        fail(node.location(), "Expected " + setting.type().expectation());
        return null;
    }

    private void fail(SourceLocation location, String problem) {
        failed = true;
        context.errors().add(location, problem + ".", "");
    }

    /** The key if it looks like one; it may be the secret itself, written in the wrong place. */
    static String shown(String key) {
        return key.length() <= 64 && key.matches("[a-z]+([-_.][a-z]+)*") ? key : "***";
    }
}
