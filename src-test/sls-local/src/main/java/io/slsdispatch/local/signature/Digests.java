package io.slsdispatch.local.signature;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests and HMACs that one thread reuses, because creating them costs more than using them. */
final class Digests {

    /** The last part of the scope of a signing key of version 4. */
    static final String V4_TERMINATOR = "aliyun_v4_request";

    private static final int MAX_KEYS = 64;
    private static final HexFormat HEX = HexFormat.of();

    private static final FastThreadLocal<Digests> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Digests initialValue() {
            return new Digests();
        }
    };

    private final MessageDigest md5 = digest("MD5");
    private final MessageDigest sha256 = digest("SHA-256");
    private final Dates dates = new Dates();

    private final Map<Object, Mac> macs = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Mac> eldest) {
            return size() > MAX_KEYS;
        }
    };

    private Digests() {}

    static Digests ofThisThread() {
        return OF_THREAD.get();
    }

    Dates dates() {
        return dates;
    }

    String md5Hex(byte[] bytes) {
        return HEX.formatHex(md5.digest(bytes)).toUpperCase(Locale.ROOT);
    }

    String sha256Hex(byte[] bytes) {
        return HEX.formatHex(sha256.digest(bytes));
    }

    /** The HMAC-SHA1 under a key's secret. */
    byte[] hmacSha1(Credential credential, String text) {
        Mac mac = macs.computeIfAbsent(credential, key -> mac("HmacSHA1", utf8(credential.accessKeySecret())));
        return mac.doFinal(utf8(text));
    }

    /** The HMAC-SHA256 under a key's secret. */
    byte[] hmacSha256(Credential credential, String text) {
        Mac mac = macs.computeIfAbsent(
                new Sha256Key(credential), key -> mac("HmacSHA256", utf8(credential.accessKeySecret())));
        return mac.doFinal(utf8(text));
    }

    private record Sha256Key(Credential credential) {}

    /** The HMAC-SHA256 under the signing key of version 4 for a scope. */
    String signV4(Credential credential, String day, String region, String text) {
        Mac mac = macs.computeIfAbsent(
                new SigningKey(credential, day, region), key -> mac("HmacSHA256", signingKey(credential, day, region)));
        return HEX.formatHex(mac.doFinal(utf8(text)));
    }

    private record SigningKey(Credential credential, String day, String region) {}

    private static byte[] signingKey(Credential credential, String day, String region) {
        byte[] key = utf8("aliyun_v4" + credential.accessKeySecret());
        for (String step : new String[] {day, region, "sls", V4_TERMINATOR}) {
            key = mac("HmacSHA256", key).doFinal(utf8(step));
        }
        return key;
    }

    private static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JDK does not support " + algorithm, missing);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This JDK does not support " + algorithm, missing);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
