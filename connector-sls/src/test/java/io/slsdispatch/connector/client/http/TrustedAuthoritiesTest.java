package io.slsdispatch.connector.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedAuthoritiesTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void startWithOneAuthority() throws Exception {
        file = directory.resolve("ca.pem");
        Files.writeString(file, pem(0));
    }

    @Test
    void trustsARenewedFileFromTheNextConnectionOn() throws Exception {
        TrustedAuthorities authorities = TrustedAuthorities.of(file.toString());
        SSLContext first = authorities.current();
        assertThat(authorities.current()).isSameAs(first);

        Files.writeString(file, pem(0) + pem(1));

        SSLContext second = authorities.current();
        assertThat(second).isNotSameAs(first);
        assertThat(authorities.current()).isSameAs(second);
    }

    @Test
    void keepsWhatItReadWhileTheFileIsBeingReplaced() throws Exception {
        TrustedAuthorities authorities = TrustedAuthorities.of(file.toString());
        SSLContext first = authorities.current();

        Files.writeString(file, "");
        assertThat(authorities.current()).isSameAs(first);
        Files.writeString(file, pem(1).substring(0, 200));
        assertThat(authorities.current()).isSameAs(first);
        Files.delete(file);
        assertThat(authorities.current()).isSameAs(first);
        Files.createDirectory(file);
        assertThat(authorities.current()).isSameAs(first);

        Files.delete(file);
        Files.writeString(file, pem(1));
        assertThat(authorities.current()).isNotSameAs(first);
    }

    @Test
    void refusesAtFirstWhatIsNoFileOfCertificates() throws Exception {
        assertThatThrownBy(() -> TrustedAuthorities.of(directory.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a regular file");
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> TrustedAuthorities.of(file.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read as PEM");
    }

    /** An authority that the JVM trusts. */
    private static String pem(int number) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init((KeyStore) null);
        X509Certificate[] all = ((X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(all[number].getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
