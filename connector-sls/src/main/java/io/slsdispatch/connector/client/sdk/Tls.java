package io.slsdispatch.connector.client.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactory;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** TLS that verifies the service's certificate and host name, which the SDK's own client does not. */
final class Tls {

    private Tls() {}

    /**
     * @param caFile PEM file with the authorities to trust; null for those of the JVM
     * @throws IllegalArgumentException when the file cannot be read or holds no certificate
     */
    static SSLConnectionSocketFactory socketFactory(@Nullable String caFile) {
        try {
            SSLContext context = caFile == null ? SSLContext.getDefault() : trusting(caFile);
            return SSLConnectionSocketFactoryBuilder.create()
                    .setSslContext(context)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static SSLContext trusting(String caFile) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(Path.of(caFile))) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("CA file " + caFile + " holds no certificate; expected PEM");
            }
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("CA file " + caFile + " cannot be read as PEM: " + e, e);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
