package io.slsdispatch.connector.client.exchange;

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
import org.jspecify.annotations.Nullable;

/** Whom to trust when the service says who it is. The SDK's own client would trust anybody. */
public final class Tls {

    private Tls() {}

    /**
     * @param caFile PEM file with the authorities to trust; null for those of the JVM
     * @throws IllegalArgumentException when the file cannot be read or holds no certificate
     */
    public static SSLContext context(@Nullable String caFile) {
        try {
            return caFile == null ? SSLContext.getDefault() : trusting(caFile);
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
