package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/** Fetches the credentials of a role from the Security Token Service, with one request. */
final class StsFetch {

    private static final int OK = 200;

    /** In the codes of refusals for the time of a request, such as InvalidTimeStamp.Expired. */
    private static final String ABOUT_TIME = "TimeStamp";

    /** What to do about an error code that contains a word. */
    private static final Map<String, String> HINTS = Map.of(
            "NoPermission",
            "Allow the caller in the trust policy of the role, and allow the caller to call sts:AssumeRole",
            "EntityNotExist",
            "Check the ARNs of the role and of the provider",
            "OIDCToken",
            "Check the token file: its audience must be sts.aliyuncs.com, and the trust policy must name its issuer and"
                    + " subject",
            "AccessKeyId",
            "Check the keys with which the role is assumed",
            "SignatureDoesNotMatch",
            "Check the keys with which the role is assumed",
            "SecurityToken",
            "Check the credentials with which the role is assumed",
            "Duration",
            "Configure a shorter duration, or let the role allow a longer one",
            ABOUT_TIME,
            "Synchronize the clock of this machine",
            "Throttling",
            "The request is repeated");

    private final FetchSteps steps;
    private final StsEndpoint endpoint;
    private final StsRole role;
    private final Clock clock;

    private StsFetch(CredentialsConfig way, StsRole role, Route route, Clock clock) {
        this.steps = new FetchSteps(way, route);
        this.role = role;
        this.endpoint = Objects.requireNonNullElse(role.endpoint(), StsEndpoint.CENTRAL);
        this.clock = clock;
    }

    /** Fetches with the token in a file, which is read each time. All values of the configuration are present. */
    static CredentialsFetch withOidc(Oidc config, Route route, Clock clock) {
        StsFetch sts = new StsFetch(config, config.role(), route, clock);
        String provider = Objects.requireNonNull(config.providerArn());
        OidcTokenFile file = new OidcTokenFile(Objects.requireNonNull(config.tokenFile()));
        return deadline -> {
            Secret token = file.read();
            return sts.fetch(
                    "AssumeRoleWithOIDC",
                    time -> StsRequests.withOidc(sts.endpoint, sts.role, provider, token, time, nonce()),
                    "",
                    deadline);
        };
    }

    /** Fetches with the credentials of another fetch, which has the same deadline. */
    static CredentialsFetch assumeRole(AssumeRole config, CredentialsFetch from, Route route, Clock clock) {
        StsFetch sts = new StsFetch(config, config.role(), route, clock);
        return deadline -> {
            Credentials base = from.fetch(deadline);
            return sts.fetch(
                    "AssumeRole",
                    time -> StsRequests.assumeRole(sts.endpoint, sts.role, config.externalId(), base, time, nonce()),
                    base.origin().isEmpty() ? "" : " assumed from " + base.origin(),
                    deadline);
        };
    }

    private static String nonce() {
        return UUID.randomUUID().toString();
    }

    /** @param requests the request that is signed at a time */
    private Credentials fetch(String action, Function<Instant, Request> requests, String from, Deadline deadline)
            throws NoCredentialsException {
        Request request = requests.apply(clock.instant());
        HttpAnswer answer = steps.send(action, request, deadline);
        Duration ahead = RoleAnswer.ahead(answer, clock);
        if (!ahead.isZero() && RoleAnswer.describe(answer).contains(ABOUT_TIME)) {
            request = requests.apply(clock.instant().minus(ahead));
            answer = steps.send(action, request, deadline);
        }
        try {
            if (answer.status() == OK) {
                RoleAnswer parsed = RoleAnswer.parse(answer);
                if (parsed.code().isEmpty()) {
                    return parsed.credentials("Credentials", role + from, clock);
                }
            }
        } catch (RoleAnswer.UnreadableException e) {
            throw steps.failed(action, request, String.valueOf(e.getMessage()), "");
        }
        String description = RoleAnswer.describe(answer);
        throw steps.failed(action, request, description, hint(description));
    }

    private static String hint(String description) {
        return HINTS.entrySet().stream()
                .filter(hint -> description.contains(hint.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .findFirst()
                .orElse("");
    }
}
