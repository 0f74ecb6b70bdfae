package io.slsdispatch.local;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.signer.SignVersion;
import io.slsdispatch.local.signature.Credential;

/** The official SDK's client, unmodified, with SLS Local as its HTTP proxy. */
public final class SdkClients {

    private static final String ENDPOINT = "http://sls.test";

    private SdkClients() {}

    public static Client signingV1(SlsLocal server, Credential credential) {
        return client(credential, configuration(server));
    }

    @SuppressWarnings("deprecation") // The only way that takes effect: before the client is built.
    public static Client signingV4(SlsLocal server, Credential credential) {
        ClientConfiguration configuration = configuration(server);
        configuration.setSignatureVersion(SignVersion.V4);
        configuration.setRegion("cn-hangzhou");
        return client(credential, configuration);
    }

    private static ClientConfiguration configuration(SlsLocal server) {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setProxyHost("127.0.0.1");
        configuration.setProxyPort(server.port());
        configuration.setRetryDisabled(true);
        return configuration;
    }

    private static Client client(Credential credential, ClientConfiguration configuration) {
        return new Client(
                ENDPOINT,
                new StaticCredentialsProvider(new DefaultCredentials(
                        credential.accessKeyId(), credential.accessKeySecret(), credential.securityToken())),
                configuration,
                "127.0.0.1");
    }
}
