package io.slsdispatch.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SliceRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Set;

/** The rule that no two top-level classes depend on each other, directly or by way of others. */
public final class ClassCycles {

    private ClassCycles() {}

    /**
     * Nested classes count as a part of the class around them, and the snapshot of a serializer as a part of that: Flink
     * has each make the other.
     *
     * @param madeOf interfaces, each with a factory that knows its implementations: full names
     */
    public static SliceRule none(String... madeOf) {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new ByTopLevelClass(Set.of(madeOf)))
                .should()
                .beFreeOfCycles()
                .because("a newcomer must be able to read one class after the other");
    }

    private static final class ByTopLevelClass implements SliceAssignment {

        private final Set<String> madeOf;

        ByTopLevelClass(Set<String> madeOf) {
            this.madeOf = madeOf;
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return javaClass.getAllRawInterfaces().stream()
                    .map(JavaClass::getName)
                    .filter(madeOf::contains)
                    .findFirst()
                    .map(SliceIdentifier::of)
                    .orElseGet(() -> SliceIdentifier.of(
                            topLevel(javaClass.getName()).replaceFirst("(?<=Serializer)Snapshot$", "")));
        }

        private static String topLevel(String name) {
            int nested = name.indexOf('$');
            return nested < 0 ? name : name.substring(0, nested);
        }

        @Override
        public String getDescription() {
            return "top-level classes";
        }
    }
}
