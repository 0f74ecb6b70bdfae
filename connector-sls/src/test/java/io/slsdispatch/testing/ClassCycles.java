package io.slsdispatch.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The rule that no two top-level classes depend on each other, directly or by way of others. */
public final class ClassCycles {

    private ClassCycles() {}

    /** Nested classes count as a part of the class around them. */
    public static ArchRule none() {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new ByTopLevelClass())
                .should()
                .beFreeOfCycles()
                .because("a newcomer must be able to read one class after the other");
    }

    private static final class ByTopLevelClass implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getName();
            int nested = name.indexOf('$');
            return SliceIdentifier.of(nested < 0 ? name : name.substring(0, nested));
        }

        @Override
        public String getDescription() {
            return "top-level classes";
        }
    }
}
