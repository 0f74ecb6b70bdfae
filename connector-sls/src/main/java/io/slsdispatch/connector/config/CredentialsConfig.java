package io.slsdispatch.connector.config;

import io.slsdispatch.connector.text.Secrets;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The location of the credentials, never the credentials themselves, since this value is part of the job graph. The
 * process that creates the client reads them there repeatedly, so that rotated credentials take effect without a
 * restart.
 */
@PublicEvolving
public sealed interface CredentialsConfig extends Serializable {

    /**
     * Whether the credentials depend on the machine or the pod on which a process runs: on another machine they are
     * different, or none.
     */
    default boolean belongsToTheMachine() {
        return true;
    }

    /**
     * Environment variables of the process that creates the client.
     *
     * @param idVariable holds the access key id
     * @param secretVariable holds the access key secret
     * @param tokenVariable holds the STS token; null when there is none. A variable that is named here may be unset
     */
    record Environment(
            String idVariable,
            String secretVariable,
            @Nullable String tokenVariable) implements CredentialsConfig {

        private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

        public Environment {
            requireName(idVariable);
            requireName(secretVariable);
            if (tokenVariable != null) {
                requireName(tokenVariable);
            }
        }

        private static void requireName(String name) {
            // The text may be a key that is in the wrong option: it is not repeated.
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("expected the name of an environment variable,"
                        + " made of letters, digits and '_'; do not put the key itself here");
            }
        }

        @Override
        public boolean belongsToTheMachine() {
            return false;
        }

        @Override
        public String toString() {
            return "environment variables " + idVariable + " and " + secretVariable
                    + (tokenVariable == null ? "" : " and " + tokenVariable);
        }
    }

    /**
     * A file of each process that creates a client: a properties file or a JSON object with {@code access-key-id},
     * {@code access-key-secret} and, for temporary credentials, {@code security-token} and {@code expiration}
     * (ISO-8601). The names may also be written as the cloud's own tools write them: {@code AccessKeyId}, {@code
     * AccessKeySecret}, {@code SecurityToken}, {@code Expiration}. A changed file takes effect within seconds.
     *
     * @param path absolute, or relative to the working directory of the process
     */
    record File(String path) implements CredentialsConfig {

        public File {
            if (path.isBlank()) {
                throw new IllegalArgumentException("the path of the credentials file is empty");
            }
        }

        @Override
        public boolean belongsToTheMachine() {
            return false;
        }

        @Override
        public String toString() {
            return "file " + path;
        }
    }

    /**
     * A URI that answers GET with a JSON object of {@code AccessKeyId}, {@code AccessKeySecret}, {@code SecurityToken}
     * and {@code Expiration}, as the metadata service of a machine with a RAM role does. It is queried again in the
     * background before the credentials expire.
     *
     * @param uri http or https
     */
    record Uri(URI uri) implements CredentialsConfig {

        public Uri {
            String scheme = uri.getScheme();
            if (uri.getHost() == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                throw new IllegalArgumentException("the credentials address must be an http or https URI with a host");
            }
            if (uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException("the credentials address must not contain a user or password");
            }
        }

        /** The query and the values in it, which may be keys: to hide them in external texts. */
        public Secrets secrets() {
            String query = uri.getRawQuery();
            if (query == null) {
                return Secrets.NONE;
            }
            return Secrets.of(Stream.concat(
                            Stream.of(query),
                            Arrays.stream(query.split("&")).map(part -> part.substring(part.indexOf('=') + 1)))
                    .toList());
        }

        @Override
        public boolean belongsToTheMachine() {
            return false;
        }

        /** Without the query, which may hold a key. */
        @Override
        public String toString() {
            return "address " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
        }
    }

    /**
     * As {@link Uri}, with environment variables <code>${NAME}</code> or <code>${NAME:-default}</code> in it, which the
     * process that creates the client replaces: their values are in no job graph. <code>$${</code> means
     * <code>${</code>.
     *
     * @param template begins with {@code http://} or {@code https://} and a host, and has no user or password; or it
     *     begins with a variable, and the same then holds for the address that it gives
     */
    record UriTemplate(String template) implements CredentialsConfig {

        private static final Pattern VARIABLE =
                Pattern.compile("\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?}");

        private static final Pattern FORM = Pattern.compile("(?i)https?://[^/?#@]+([/?#].*)?|\\$\\{[A-Z_].*");

        public UriTemplate {
            if (!FORM.matcher(template).matches()) {
                throw new IllegalArgumentException("the credentials address must be an http or https URI with a host"
                        + " and without a user or password");
            }
        }

        private static URI uri(String text) {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                // Neither the message nor the exception: both repeat the text.
                throw new IllegalArgumentException("the credentials address is not a valid URI");
            }
        }

        /** Whether it differs from the address that it gives. */
        public boolean hasVariables() {
            return VARIABLE.matcher(template).find();
        }

        /**
         * Replaces the variables.
         *
         * @param environment returns the value of a variable; null or empty when it is not set
         * @throws IllegalArgumentException when a variable without a default is not set, or when the result is not a
         *     valid address; the message names the variable, never a value
         */
        public Uri resolve(Function<String, @Nullable String> environment) {
            String text = VARIABLE.matcher(template).replaceAll(found -> {
                String name = found.group(1);
                if (name == null) {
                    return Matcher.quoteReplacement("${");
                }
                String value = environment.apply(name);
                if (value == null || value.isBlank()) {
                    value = found.group(2);
                }
                if (value == null) {
                    throw new IllegalArgumentException("environment variable " + name + " is not set in process "
                            + ManagementFactory.getRuntimeMXBean().getName()
                            + ": set it for the JobManager and every TaskManager, and for the client that submits"
                            + " the job");
                }
                return Matcher.quoteReplacement(value.strip());
            });
            return new Uri(uri(text));
        }

        @Override
        public boolean belongsToTheMachine() {
            return false;
        }

        /** Without the query, which may hold a key. */
        @Override
        public String toString() {
            int query = template.indexOf('?');
            return "address " + (query < 0 ? template : template.substring(0, query));
        }
    }

    /**
     * The RAM role of the ECS instance or container node on which the process runs, from its metadata service. Requests
     * to it carry a token, and never go through a proxy.
     *
     * @param role the name of the role; null to look it up at each fetch
     * @param plainCalls when requests may be sent without a token
     * @param address of the metadata service; http or https, without a path
     */
    record EcsRamRole(@Nullable String role, PlainCalls plainCalls, URI address) implements CredentialsConfig {

        /** The address on every instance. */
        public static final URI METADATA_SERVICE = URI.create("http://100.100.100.200");

        private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

        /** When the metadata service may be asked without a token. */
        public enum PlainCalls {
            /** Never. */
            NEVER,
            /**
             * If the instance does not support tokens: it responds to the request for one with 403, 404 or 405, or not.
             */
            WHEN_TOKEN_UNKNOWN,
            /** After any failure to get a token. */
            AFTER_ANY_FAILURE
        }

        public EcsRamRole {
            if (role != null && !ROLE.matcher(role).matches()) {
                throw new IllegalArgumentException(
                        "the role is not the name of a RAM role: 1 to 64 letters, digits and . _ -");
            }
            if (!isHttp(address)
                    || !(address.getRawPath() == null || address.getRawPath().matches("/?"))) {
                throw new IllegalArgumentException(
                        "the address of the metadata service must be http://host[:port], without a path");
            }
        }

        /** The role that the instance has, at the usual address. */
        public static EcsRamRole any() {
            return new EcsRamRole(null, PlainCalls.WHEN_TOKEN_UNKNOWN, METADATA_SERVICE);
        }

        @Override
        public String toString() {
            return "RAM role " + (role == null ? "" : role + " ") + "of the machine"
                    + (address.equals(METADATA_SERVICE) ? "" : " at " + address.getRawAuthority());
        }
    }

    /**
     * A RAM role that an OIDC token in a file grants, as in the pods of a Kubernetes cluster with RRSA. The file is
     * read at each fetch. A value that is null here comes from the environment variable of the process that creates the
     * client, as the platform sets it: {@code ALIBABA_CLOUD_ROLE_ARN}, {@code ALIBABA_CLOUD_OIDC_PROVIDER_ARN}, {@code
     * ALIBABA_CLOUD_OIDC_TOKEN_FILE}.
     *
     * @param role the role and its session
     * @param providerArn such as {@code acs:ram::1234567890123456:oidc-provider/ack-rrsa-c12345}
     * @param tokenFile path of the token
     */
    record Oidc(
            StsRole role,
            @Nullable String providerArn,
            @Nullable String tokenFile) implements CredentialsConfig {

        private static final Pattern PROVIDER =
                Pattern.compile("acs:ram::[0-9]{1,32}:oidc-provider/[A-Za-z0-9._/-]{1,128}");

        public Oidc {
            if (providerArn != null && !PROVIDER.matcher(providerArn).matches()) {
                throw new IllegalArgumentException(
                        "the provider ARN is not of the form acs:ram::ACCOUNT-ID:oidc-provider/NAME");
            }
            if (tokenFile != null && tokenFile.isBlank()) {
                throw new IllegalArgumentException("the path of the token file is empty");
            }
        }

        /** Everything from the environment variables that the platform sets. */
        public static Oidc ofEnvironment() {
            return new Oidc(StsRole.builder().build(), null, null);
        }

        @Override
        public String toString() {
            return role + " by OIDC";
        }
    }

    /**
     * A RAM role that is assumed with other credentials; it may be a role of another account.
     *
     * @param role the role and its session; its ARN is not null
     * @param externalId what the trust policy of the role requires, 2 to 1224 characters; null for none
     * @param from the credentials with which the role is assumed
     */
    record AssumeRole(StsRole role, @Nullable String externalId, CredentialsConfig from) implements CredentialsConfig {

        private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9+=,.@:/_-]{2,1224}");

        public AssumeRole {
            if (role.arn() == null) {
                throw new IllegalArgumentException("the ARN of the role to assume is missing");
            }
            if (externalId != null && !EXTERNAL_ID.matcher(externalId).matches()) {
                throw new IllegalArgumentException(
                        "the external id is not valid: expected 2 to 1224 letters, digits and + = , . @ : / _ -");
            }
        }

        @Override
        public boolean belongsToTheMachine() {
            return from.belongsToTheMachine();
        }

        /** Does not show the external id. */
        @Override
        public String toString() {
            return role + " assumed from " + from;
        }
    }

    /**
     * What the process that creates the client has: the variables {@code ALIBABA_CLOUD_ACCESS_KEY_ID}, {@code
     * ALIBABA_CLOUD_ACCESS_KEY_SECRET} and {@code ALIBABA_CLOUD_SECURITY_TOKEN}; else, if one of its variables is set,
     * {@link Oidc}; else the {@link EcsRamRole} of the machine. The variables decide: a failure of one way does not
     * lead to the next, because that would have other permissions.
     */
    record Default() implements CredentialsConfig {

        @Override
        public String toString() {
            return "default of the process";
        }
    }

    private static boolean isHttp(URI uri) {
        String scheme = uri.getScheme();
        return uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme));
    }

    /**
     * The first of several that has credentials.
     *
     * @param links at least one, tried in this order
     */
    record Chain(List<CredentialsConfig> links) implements CredentialsConfig {

        public Chain {
            links = List.copyOf(links);
            if (links.isEmpty()) {
                throw new IllegalArgumentException("a chain of credentials needs at least one entry");
            }
        }

        @Override
        public boolean belongsToTheMachine() {
            return links.stream().anyMatch(CredentialsConfig::belongsToTheMachine);
        }

        @Override
        public String toString() {
            return links.stream().map(CredentialsConfig::toString).collect(Collectors.joining(", else "));
        }
    }
}
