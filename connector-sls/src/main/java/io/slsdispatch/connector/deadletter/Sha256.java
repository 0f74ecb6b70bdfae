package io.slsdispatch.connector.deadletter;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 without its checked exception. */
final class Sha256 {

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** 64 hexadecimal digits. */
    static String hex(byte[] array, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(array, offset, length);
        return HexFormat.of().formatHex(digest.digest());
    }
}
