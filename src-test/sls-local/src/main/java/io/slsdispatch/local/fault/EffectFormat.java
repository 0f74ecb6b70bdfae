package io.slsdispatch.local.fault;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The JSON format of one effect.
 *
 * @param name the value of the field {@code effect}
 * @param type the effect
 * @param help description of its other fields and of what it does
 * @param reader reads the effect from its fields
 * @param writer writes the effect's fields
 */
record EffectFormat<E extends Effect>(
        String name,
        Class<E> type,
        String help,
        Function<FaultFields, E> reader,
        BiConsumer<E, Map<String, Object>> writer) {

    void write(Effect effect, Map<String, Object> json) {
        json.put("effect", name);
        if (effect instanceof Effect.Timed timed) {
            json.put("when", FaultFields.text(timed.moment()));
        }
        writer.accept(type.cast(effect), json);
    }
}
