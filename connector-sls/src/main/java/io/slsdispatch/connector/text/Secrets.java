package io.slsdispatch.connector.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.annotation.Internal;

/**
 * Secrets to hide in external texts, which may repeat one in another form: URL-encoded or JSON-escaped (also several
 * times), as HTML entities, in hexadecimal digits, in Base64 (also as a part of a longer encoded text, such as a
 * {@code Basic} login), in another case, or wrapped over several lines. Immutable.
 *
 * <p>A secret of fewer than {@value #SHORT} characters is hidden only where it is a whole word as it is: in any other
 * form it would be found in most texts.
 */
@Internal
public final class Secrets {

    /** No secrets. */
    public static final Secrets NONE = new Secrets(Set.of());

    private static final String HIDDEN = "***";

    private static final int SHORT = 4;

    /** A shorter encoded form would be found in texts that do not contain the secret. */
    private static final int MIN_ENCODED = 6;

    /** How often a text may be escaped or encoded in itself. */
    private static final int ROUNDS = 3;

    private static final int BITS_OF_BASE64 = 6;
    private static final int BASE64_ALIGNMENTS = 3;

    private final Set<String> values;
    private final List<String> shortForms = new ArrayList<>();
    private final List<String> plainForms = new ArrayList<>();
    private final List<String> encodedForms = new ArrayList<>();

    private Secrets(Set<String> values) {
        this.values = values;
        for (String value : values) {
            addForms(value);
        }
    }

    /** The secrets among these values: those that are not blank. */
    public static Secrets of(Collection<String> values) {
        Set<String> kept = new LinkedHashSet<>();
        values.stream().map(String::strip).filter(value -> !value.isEmpty()).forEach(kept::add);
        return kept.isEmpty() ? NONE : new Secrets(kept);
    }

    /** These secrets and others. */
    public Secrets and(Secrets others) {
        if (values.containsAll(others.values)) {
            return this;
        }
        Set<String> all = new LinkedHashSet<>(values);
        all.addAll(others.values);
        return new Secrets(all);
    }

    private void addForms(String value) {
        String plain = withoutSpaces(value);
        if (plain.length() < SHORT) {
            shortForms.add(value);
            return;
        }
        plainForms.add(plain);
        // A part of a secret may look like an escape, and is decoded in a text together with real escapes.
        DecodedText decoded = DecodedText.of(value);
        for (int round = 0; round < ROUNDS; round++) {
            decoded = decoded.decoded();
            if (decoded.text().length() >= SHORT && !plainForms.contains(decoded.text())) {
                plainForms.add(decoded.text());
            }
        }
        if (value.indexOf(' ') >= 0) {
            // As in a query.
            plainForms.add(value.replace(' ', '+').toLowerCase(Locale.ROOT));
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Set<String> encoded = new LinkedHashSet<>();
        encoded.add(HexFormat.of().formatHex(bytes));
        for (int alignment = 0; alignment < BASE64_ALIGNMENTS; alignment++) {
            String base64 = base64(bytes, alignment);
            encoded.add(base64);
            encoded.add(base64.replace('+', '-').replace('/', '_'));
        }
        encoded.stream().filter(form -> form.length() >= MIN_ENCODED).forEach(encodedForms::add);
    }

    /** The characters of a Base64 text that only these bytes determine, when so many bytes are before them. */
    private static String base64(byte[] bytes, int before) {
        byte[] all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        String text = java.util.Base64.getEncoder().withoutPadding().encodeToString(all);
        int from = (before * Byte.SIZE + BITS_OF_BASE64 - 1) / BITS_OF_BASE64;
        int to = all.length * Byte.SIZE / BITS_OF_BASE64;
        return from < to ? text.substring(from, to).toLowerCase(Locale.ROOT) : "";
    }

    private static String withoutSpaces(String text) {
        StringBuilder kept = new StringBuilder();
        text.chars()
                .filter(character -> !DecodedText.isSkipped((char) character))
                .forEach(character -> kept.append(Character.toLowerCase((char) character)));
        return kept.toString();
    }

    /** Replaces each secret, in any of its forms, by {@code ***}. */
    public String hideIn(String text) {
        return hideIn(text, false);
    }

    /**
     * As {@link #hideIn(String)}.
     *
     * @param isCut whether the text ends early, perhaps within a secret: its beginning at the end is then hidden, too
     */
    String hideIn(String text, boolean isCut) {
        if (values.isEmpty() || text.isEmpty()) {
            return text;
        }
        BitSet hidden = new BitSet(text.length());
        shortForms.forEach(form -> hideWords(form, text, hidden));
        DecodedText decoded = DecodedText.of(text);
        for (int round = 0; round <= ROUNDS; round++) {
            hide(plainForms, decoded, hidden);
            hide(encodedForms, decoded, hidden);
            if (isCut) {
                hideBeginnings(decoded, hidden);
            }
            DecodedText next = decoded.decoded();
            if (next.text().equals(decoded.text())) {
                break;
            }
            decoded = next;
        }
        return hidden.isEmpty() ? text : replaced(text, hidden);
    }

    private static void hide(List<String> forms, DecodedText in, BitSet hidden) {
        for (String form : forms) {
            int at = in.text().indexOf(form);
            while (at >= 0) {
                hidden.set(in.from(at), in.to(at + form.length() - 1));
                at = in.text().indexOf(form, at + 1);
            }
        }
    }

    private void hideBeginnings(DecodedText in, BitSet hidden) {
        String text = in.text();
        for (String form : plainForms) {
            for (int length = Math.min(form.length(), text.length()); length >= SHORT; length--) {
                if (text.endsWith(form.substring(0, length))) {
                    hidden.set(in.from(text.length() - length), in.to(text.length() - 1));
                    break;
                }
            }
        }
    }

    private static void hideWords(String word, String text, BitSet hidden) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean isWord = (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
            if (isWord) {
                hidden.set(at, end);
            }
        }
    }

    private static String replaced(String text, BitSet hidden) {
        StringBuilder shown = new StringBuilder();
        int at = 0;
        for (int from = hidden.nextSetBit(0); from >= 0; from = hidden.nextSetBit(at)) {
            shown.append(text, at, from).append(HIDDEN);
            at = hidden.nextClearBit(from);
        }
        return shown.append(text, at, text.length()).toString();
    }

    /** Does not contain the secrets. */
    @Override
    public String toString() {
        return values.size() + " secrets";
    }
}
