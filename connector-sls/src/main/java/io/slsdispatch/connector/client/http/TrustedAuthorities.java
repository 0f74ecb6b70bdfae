package io.slsdispatch.connector.client.http;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.connector.text.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authorities that sign trusted server certificates: those of the JVM, or those of a CA file, which is read again
 * for each new connection, so that a renewed file needs no restart. If the file cannot be read, perhaps because it is
 * being replaced, the authorities that were read last remain trusted. Safe for use from many threads.
 */
@Internal
public final class TrustedAuthorities {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedAuthorities.class);

    /** The authorities that a whole operating system trusts take some 200 KB. */
    private static final int MAX_BYTES = 10 << 20;

    /** The content of the file, and the context that trusts it. */
    private record Trusted(byte[] pem, SSLContext context) {}

    private final @Nullable Path file;
    private Trusted last;
    private boolean warned;

    private TrustedAuthorities(@Nullable Path file, Trusted first) {
        this.file = file;
        this.last = first;
    }

    /**
     * The authorities of a CA file.
     *
     * @param caFile PEM file; null for the authorities of the JVM
     * @throws IllegalArgumentException when the file cannot be read or holds no certificate
     */
    public static TrustedAuthorities of(@Nullable String caFile) {
        try {
            if (caFile == null) {
                return new TrustedAuthorities(null, new Trusted(new byte[0], SSLContext.getDefault()));
            }
            Path file = Path.of(caFile);
            byte[] pem = SmallFile.bytes(file, MAX_BYTES);
            return new TrustedAuthorities(file, new Trusted(pem, trusting(file, pem)));
        } catch (IOException e) {
            ReportedCause reason = ReportedCause.of(e, Secrets.NONE);
            throw new IllegalArgumentException("CA file " + caFile + " cannot be read as PEM: " + reason, reason);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** The context for a new connection. Reads the file, which may block. */
    public synchronized SSLContext current() {
        if (file == null) {
            return last.context();
        }
        try {
            byte[] pem = SmallFile.bytes(file, MAX_BYTES);
            if (!Arrays.equals(pem, last.pem())) {
                last = new Trusted(pem, trusting(file, pem));
                LOG.info("CA file {} has changed: new connections trust its authorities", file);
            }
            warned = false;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "New connections trust the authorities that were read before from CA file {}, which cannot be"
                                + " read now: {}",
                        file,
                        ForeignText.line(e.toString(), Secrets.NONE, ForeignText.MESSAGE));
                LOG.debug("Reading CA file {} failed", file, ReportedCause.of(e, Secrets.NONE));
            }
        }
        return last.context();
    }

    private static SSLContext trusting(Path file, byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : certificates(pem)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        if (store.size() == 0) {
            throw new IllegalArgumentException("CA file " + file + " contains no certificate; expected PEM");
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws IOException {
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
