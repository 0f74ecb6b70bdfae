package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.SectionValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reader of connections: builds a connection from the values that a section sets and inherits. */
final class ConnectionSectionReader {

    private final ConfigErrors errors;

    ConnectionSectionReader(ConfigErrors errors) {
        this.errors = errors;
    }

    /**
     * The connection.
     *
     * @throws ConfigErrors.AlreadyReportedException when a required value is missing or invalid
     */
    ConnectionConfig connection(SectionValues values) {
        Signature signature = signature(values);
        Network network = network(values);
        ConnectionConfig.Builder builder = ConnectionConfig.builder(
                values.get(ConnectionOptions.ENDPOINT), values.get(ConnectionOptions.CREDENTIALS));
        try {
            return builder.signature(signature)
                    .network(network)
                    .projectIn(values.get(ConnectionOptions.PROJECT_IN))
                    .build();
        } catch (IllegalArgumentException e) {
            errors.add(
                    values.locationOf(ConnectionOptions.ENDPOINT),
                    "These values cannot be combined: " + e.getMessage() + ".",
                    "");
            throw new ConfigErrors.AlreadyReportedException(ConnectionOptions.ENDPOINT.key());
        }
    }

    private Signature signature(SectionValues values) {
        Optional<String> region = Optional.ofNullable(values.getOrNull(ConnectionOptions.REGION))
                .or(() -> Signature.regionOf(values.get(ConnectionOptions.ENDPOINT)));
        boolean byDefault = !values.has(ConnectionOptions.SIGNATURE)
                && region.filter(Signature::isV4ByDefault).isPresent();
        if (!byDefault && values.get(ConnectionOptions.SIGNATURE) == ConnectionOptions.SignatureVersion.V1) {
            return new Signature.V1();
        }
        return region.map(Signature.V4::new).orElseThrow(() -> {
            errors.add(
                    values.locationOf(ConnectionOptions.SIGNATURE),
                    "Signature v4 requires the region, and the endpoint does not contain it.",
                    "Set 'region' to the region of the project, such as cn-hangzhou.");
            return new ConfigErrors.AlreadyReportedException(ConnectionOptions.REGION.key());
        });
    }

    private Network network(SectionValues values) {
        return new Network(
                values.get(ConnectionOptions.CONNECT_TIMEOUT),
                values.get(ConnectionOptions.REQUEST_TIMEOUT),
                values.get(ConnectionOptions.MAX_CONCURRENT_REQUESTS),
                proxy(values),
                values.getOrNull(ConnectionOptions.CA_FILE));
    }

    private @Nullable ProxyConfig proxy(SectionValues values) {
        String host = values.getOrNull(ConnectionOptions.PROXY_HOST);
        if (host == null) {
            List<Option<?>> others = List.of(
                    ConnectionOptions.PROXY_PORT, ConnectionOptions.PROXY_USER, ConnectionOptions.PROXY_PASSWORD);
            others.stream()
                    .filter(values::has)
                    .forEach(option -> errors.add(
                            values.locationOf(option),
                            "It applies only with 'proxy.host'.",
                            "Set 'proxy.host', or remove this."));
            return null;
        }
        if (!values.has(ConnectionOptions.PROXY_PORT)) {
            errors.add(
                    values.locationOf(ConnectionOptions.PROXY_HOST),
                    host,
                    "It requires 'proxy.port'.",
                    "Set 'proxy.port'.");
        }
        String user = values.getOrNull(ConnectionOptions.PROXY_USER);
        String password = values.getOrNull(ConnectionOptions.PROXY_PASSWORD);
        if ((user == null) != (password == null)) {
            Option<?> given = user == null ? ConnectionOptions.PROXY_PASSWORD : ConnectionOptions.PROXY_USER;
            errors.add(
                    values.locationOf(given),
                    "The proxy requires both user and password, or neither.",
                    "Set both or remove both.");
            throw new ConfigErrors.AlreadyReportedException(given.key());
        }
        return new ProxyConfig(host, values.get(ConnectionOptions.PROXY_PORT), user, password);
    }
}
