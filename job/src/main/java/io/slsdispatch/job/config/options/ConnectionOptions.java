package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.SecretReference;
import java.time.Duration;
import java.util.List;

/** The options of the connection to the service; the same for the source, the targets and their defaults. */
public final class ConnectionOptions {

    /** How requests are signed. */
    public enum SignatureVersion {
        V1,
        V4
    }

    public static final Option<Endpoint> ENDPOINT = Option.of(
            "endpoint",
            new ScalarType<>(
                    "[http://|https://]host[:port], such as https://cn-hangzhou.log.aliyuncs.com", Endpoint::parse),
            "required at the source; targets: the source's",
            "Address of the service, without the project. Without a scheme it is http, as in the official"
                    + " clients.");

    public static final Option<String> PROJECT = Option.of(
            "project",
            ScalarTypes.ofName(
                    "a project name: 3 to 63 of a-z, 0-9 and '-', first and last a letter or digit",
                    LogstoreId::isProjectName),
            "required at the source; targets: the source's",
            "The project of the logstore.");

    public static final Option<ProjectIn> PROJECT_IN = Option.withDefault(
            "project-in",
            ScalarTypes.ofEnum(ProjectIn.class),
            "host",
            "Where requests name the project: 'host' puts it before the host of the endpoint, 'header' sends it as"
                    + " x-log-project to the host itself, which some custom domains and PrivateLink need. 'check' finds"
                    + " out which of them works.");

    public static final Option<CredentialsConfig> CREDENTIALS = Option.of(
            "credentials",
            new CredentialsType(),
            "required at the source; targets: the source's",
            "Where the credentials are. The processes of the cluster read them there repeatedly, so that they can"
                    + " be rotated. Never write the credentials themselves here.");

    public static final Option<SignatureVersion> SIGNATURE = Option.withDefault(
            "signature",
            ScalarTypes.ofEnum(SignatureVersion.class),
            "v1",
            "Signature of requests: v1, or v4, which needs the region.");

    public static final Option<String> REGION = Option.of(
            "region",
            ScalarTypes.ofName(
                    "a region such as cn-hangzhou",
                    text -> text.length() <= 63 && text.matches("[a-z0-9]+(-[a-z0-9]+)*")),
            "found in the name of a public endpoint",
            "Region for signature v4. Logstores of equal project and name in two regions are two logstores.");

    public static final Option<Duration> CONNECT_TIMEOUT = Option.withDefault(
            "connect-timeout", ScalarTypes.DURATION, "5 s", "Time to open a connection, including the TLS handshake.");

    public static final Option<Duration> REQUEST_TIMEOUT = Option.withDefault(
            "request-timeout",
            ScalarTypes.DURATION,
            "30 s",
            "Time for one request, including its response and the wait for a free connection. A request that takes"
                    + " longer counts as failed and is retried.");

    public static final Option<Integer> MAX_CONCURRENT_REQUESTS = Option.withDefault(
            "max-concurrent-requests",
            ScalarTypes.ofInteger(1),
            "256",
            "Maximum number of pulls and puts in flight per process over this connection; others wait. The last"
                    + " quarter is reserved for shards and targets without a request in flight, so that targets that hang do"
                    + " not block the others.");

    public static final Option<String> PROXY_HOST =
            Option.of("proxy.host", ScalarTypes.TEXT, "no proxy", "Host of the HTTP proxy.");

    public static final Option<Integer> PROXY_PORT =
            Option.of("proxy.port", ScalarTypes.ofInteger(1, 65_535), "required with proxy.host", "Port of the proxy.");

    public static final Option<String> PROXY_USER = Option.of(
            "proxy.user",
            SecretReference.TYPE,
            "no authentication",
            "Environment variable with the user name for the proxy.");

    public static final Option<String> PROXY_PASSWORD = Option.of(
            "proxy.password",
            SecretReference.TYPE,
            "no authentication",
            "Environment variable with the password for the proxy.");

    public static final Option<String> CA_FILE = Option.of(
            "ca-file",
            ScalarTypes.TEXT,
            "the authorities of the JVM",
            "PEM file with the certificate authorities to trust for https, on every machine of the cluster.");

    public static final List<Option<?>> ALL = List.of(
            ENDPOINT,
            PROJECT,
            PROJECT_IN,
            CREDENTIALS,
            SIGNATURE,
            REGION,
            CONNECT_TIMEOUT,
            REQUEST_TIMEOUT,
            MAX_CONCURRENT_REQUESTS,
            PROXY_HOST,
            PROXY_PORT,
            PROXY_USER,
            PROXY_PASSWORD,
            CA_FILE);

    private ConnectionOptions() {}
}
