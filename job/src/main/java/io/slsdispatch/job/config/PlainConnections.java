package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Connections without TLS that send log groups or security tokens where others may read them. */
public final class PlainConnections {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.*\\.localhost|127(\\.\\d{1,3}){3}|[0:]*:0*1", Pattern.CASE_INSENSITIVE);

    /** Names of the service that are reached within Alibaba Cloud only, its "Endpoints" and PrivateLink. */
    private static final Pattern INSIDE =
            Pattern.compile(".*-(intranet|internal|vpc|share)(\\.dualstack)?\\.(log|sls)\\.aliyuncs\\.com"
                    + "|.*\\.privatelink\\.aliyuncs\\.com");

    private static final String OF_THE_SERVICE = ".aliyuncs.com";
    private static final int MAX_LISTED = 5;

    private PlainConnections() {}

    /** A warning for each endpoint with such a connection; each says what to do. */
    public static List<String> warnings(JobConfig config) {
        Map<String, ConnectionConfig> connections = new LinkedHashMap<>();
        connections.put("source", config.source().connection());
        config.rulesUpdates()
                .flatMap(updates -> updates.connection())
                .ifPresent(connection -> connections.put("rules", connection));
        config.destinations().forEach(target -> connections.put("target " + target.name(), target.connection()));
        Map<String, List<String>> users = new LinkedHashMap<>();
        connections.forEach((user, connection) -> {
            String problem = problemOf(connection);
            if (!problem.isEmpty()) {
                users.computeIfAbsent(problem, unused -> new ArrayList<>()).add(user);
            }
        });
        return users.entrySet().stream()
                .map(entry -> list(entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    private static String problemOf(ConnectionConfig connection) {
        Endpoint endpoint = connection.endpoint();
        if (endpoint.tls() || LOOPBACK.matcher(endpoint.host()).matches()) {
            return "";
        }
        boolean isPublic = endpoint.host().endsWith(OF_THE_SERVICE)
                && !INSIDE.matcher(endpoint.host()).matches();
        boolean hasToken = mayHaveToken(connection.credentials());
        if (!isPublic && !hasToken) {
            return "";
        }
        return "the endpoint " + endpoint + " is without TLS"
                + (isPublic ? " and public: log groups can be read on their way through the Internet" : "")
                + (hasToken
                        ? (isPublic ? ", and so can" : ": on the network, others can read")
                                + " the security token of the credentials"
                        : "")
                + ". Use https://";
    }

    /** Whether requests may contain a security token. That of a file is not known before it is read. */
    private static boolean mayHaveToken(CredentialsConfig credentials) {
        if (credentials instanceof CredentialsConfig.Chain chain) {
            return chain.links().stream().anyMatch(PlainConnections::mayHaveToken);
        }
        if (credentials instanceof CredentialsConfig.Environment variables) {
            return variables.tokenVariable() != null;
        }
        return !(credentials instanceof CredentialsConfig.File);
    }

    private static String list(List<String> users) {
        String text = String.join(", ", users.subList(0, Math.min(users.size(), MAX_LISTED)));
        return users.size() <= MAX_LISTED ? text : text + " and " + (users.size() - MAX_LISTED) + " more";
    }
}
