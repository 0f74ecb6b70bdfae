package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.signer.SignVersion;
import io.slsdispatch.connector.client.access.Addressing;
import io.slsdispatch.connector.client.access.RequestCredentials;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.http.DataCalls;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.Signature;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all clients of one connection in this process share: both ways to the service, with their
 * connections and threads, and the credentials. The
 * first user makes it, the last one ends it, so that it outlives neither a job nor its class loader.
 */
final class SharedConnection {

    private static final String USER_AGENT = "sls-dispatch";
    private static final Duration IDLE_CHECK = Duration.ofSeconds(10);

    /** For log groups that name no source; ours are written as they are, so it is never sent. */
    private static final String SOURCE_ADDRESS = "127.0.0.1";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Map<ConnectionConfig, SharedConnection> OPEN = new HashMap<>();

    private final ConnectionConfig config;
    private final CallThreads threads;
    private final HttpTransport transport;
    private final RequestCredentials credentials;
    private final Client sdk;
    private final DataCalls data;
    private int users;

    private SharedConnection(ConnectionConfig config) {
        this.config = config;
        // Threads come with the first call: nothing is left behind when one of these throws.
        this.threads = new CallThreads(
                "sls-client-" + COUNT.incrementAndGet(), config.network().requestTimeout());
        this.credentials = new RequestCredentials(CredentialsSource.of(config.credentials(), threads), threads);
        this.transport = new HttpTransport(config, settings(config.signature()));
        this.sdk =
                new Client(sdkEndpoint(config.endpoint()), new SdkCredentials(credentials), transport, SOURCE_ADDRESS);
        sdk.setUserAgent(USER_AGENT);
        this.data = DataCalls.open(config, credentials, threads);
        threads.every(IDLE_CHECK, transport::closeIdle);
    }

    /** The SDK takes neither a port nor an IP address. */
    private static String sdkEndpoint(Endpoint endpoint) {
        return endpoint.scheme() + "://" + new Addressing(endpoint).namedHost();
    }

    @SuppressWarnings("deprecation") // to be set on the client instead, where it comes too late to have an effect
    private static ClientConfiguration settings(Signature signature) {
        ClientConfiguration settings = new ClientConfiguration();
        // Otherwise one put may be sent eight times, unseen.
        settings.setRetryDisabled(true);
        if (signature instanceof Signature.V4 v4) {
            settings.setSignatureVersion(SignVersion.V4);
            settings.setRegion(v4.region());
        } else {
            settings.setSignatureVersion(SignVersion.V1);
        }
        return settings;
    }

    /** Each call needs one {@link #release}. */
    static SharedConnection acquire(ConnectionConfig config) {
        synchronized (OPEN) {
            SharedConnection connection = OPEN.computeIfAbsent(config, SharedConnection::new);
            connection.users++;
            return connection;
        }
    }

    void release() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(config);
        }
        data.close();
        threads.close();
        transport.shutdown();
    }

    Client sdk() {
        return sdk;
    }

    DataCalls data() {
        return data;
    }

    CallThreads threads() {
        return threads;
    }

    RequestCredentials credentials() {
        return credentials;
    }
}
