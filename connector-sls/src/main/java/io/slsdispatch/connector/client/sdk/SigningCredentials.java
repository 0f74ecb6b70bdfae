package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.common.auth.CredentialsProvider;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.client.Secret;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.credentials.NoCredentialsException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives the SDK the credentials of the moment each time it signs a request. */
final class SigningCredentials implements CredentialsProvider {

    private final CredentialsSource source;
    private volatile @Nullable Credentials lastUsed;

    SigningCredentials(CredentialsSource source) {
        this.source = source;
    }

    @Override
    public com.aliyun.openservices.log.common.auth.Credentials getCredentials() {
        Credentials credentials;
        try {
            credentials = source.current();
        } catch (NoCredentialsException e) {
            // The SDK keeps the message and makes it a failure to sign.
            throw new IllegalStateException(e.getMessage(), e);
        }
        lastUsed = credentials;
        return new DefaultCredentials(
                credentials.accessKeyId(),
                credentials.accessKeySecret().reveal(),
                credentials.securityToken().map(Secret::reveal).orElse(null));
    }

    /** When the credentials of the last request end; empty when that is not known, or never. */
    Optional<Instant> expiration() {
        Credentials credentials = lastUsed;
        return credentials == null ? Optional.empty() : credentials.expiration();
    }

    /** The text without secrets, should the service repeat one. */
    String hideIn(String text) {
        Credentials credentials = lastUsed;
        return credentials == null ? text : credentials.hideIn(text);
    }
}
