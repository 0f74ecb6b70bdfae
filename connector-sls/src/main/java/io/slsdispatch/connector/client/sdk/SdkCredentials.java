package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.common.auth.CredentialsProvider;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.client.Secret;
import io.slsdispatch.connector.client.access.RequestCredentials;
import io.slsdispatch.connector.client.credentials.NoCredentialsException;

/** Gives the SDK the credentials of the moment each time it signs a request. */
record SdkCredentials(RequestCredentials source) implements CredentialsProvider {

    @Override
    public com.aliyun.openservices.log.common.auth.Credentials getCredentials() {
        Credentials credentials;
        try {
            credentials = source.await();
        } catch (NoCredentialsException e) {
            // The SDK keeps the message and makes it a failure to sign.
            throw new IllegalStateException(e.getMessage(), e);
        }
        return new DefaultCredentials(
                credentials.accessKeyId(),
                credentials.accessKeySecret().reveal(),
                credentials.securityToken().map(Secret::reveal).orElse(null));
    }
}
