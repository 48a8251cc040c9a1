package dev.watermill;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "dev.watermill", importOptions = DoNotIncludeTests.class)
final class ArchitectureTests {

	@ArchTest
	static final ArchRule roomsHaveNoCycles = slices().assignedFrom(new Rooms()).should().beFreeOfCycles();

	@ArchTest
	static final ArchRule packagesHaveOneDirection = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("stream")
		.definedBy("dev.watermill.stream")
		.layer("key")
		.definedBy("dev.watermill.key..")
		.layer("count")
		.definedBy("dev.watermill.count..")
		.layer("codec")
		.definedBy("dev.watermill.codec..")
		.layer("delivery")
		.definedBy("dev.watermill.delivery")
		.layer("broker")
		.definedBy("dev.watermill.broker")
		.layer("lock")
		.definedBy("dev.watermill.broker.lock..")
		.layer("checkpoint")
		.definedBy("dev.watermill.broker.checkpoint..")
		.layer("brokers")
		.definedBy("dev.watermill.broker.file..", "dev.watermill.broker.memory..")
		.layer("join")
		.definedBy("dev.watermill.join..")
		.layer("window")
		.definedBy("dev.watermill.window..")
		.layer("engine")
		.definedBy("dev.watermill.engine..")
		.layer("facade")
		.definedBy("dev.watermill")
		.whereLayer("facade")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("brokers")
		.mayOnlyBeAccessedByLayers("facade")
		.whereLayer("engine")
		.mayOnlyBeAccessedByLayers("facade")
		.whereLayer("window")
		.mayOnlyBeAccessedByLayers("engine", "facade")
		.whereLayer("delivery")
		.mayOnlyBeAccessedByLayers("engine", "facade")
		.whereLayer("join")
		.mayOnlyBeAccessedByLayers("window", "engine", "facade")
		.whereLayer("checkpoint")
		.mayOnlyBeAccessedByLayers("brokers", "facade")
		.whereLayer("lock")
		.mayOnlyBeAccessedByLayers("checkpoint", "brokers")
		.whereLayer("broker")
		.mayOnlyBeAccessedByLayers("lock", "checkpoint", "brokers", "join", "engine", "facade")
		.whereLayer("codec")
		.mayOnlyBeAccessedByLayers("broker", "brokers", "join")
		.whereLayer("count")
		.mayOnlyBeAccessedByLayers("join", "engine", "facade")
		.whereLayer("key")
		.mayOnlyBeAccessedByLayers("join", "window", "engine", "facade")
		.whereLayer("stream")
		.mayOnlyBeAccessedByLayers("count", "delivery", "broker", "checkpoint", "brokers", "join", "window", "engine",
				"facade");

	@ArchTest
	static final ArchRule coreKnowsNoFramework = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..", "org.apache.kafka..");

	@ArchTest
	static final ArchRule coreDependsOnFewLibraries = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("dev.watermill..", "java..", "org.jspecify.annotations", "org.slf4j", "tools.jackson..",
				"com.fasterxml.jackson.annotation..");

	@ArchTest
	static final ArchRule threadsAreMadeByTheEngineAndPipesOnly = noClasses().that()
		.resideOutsideOfPackage("dev.watermill.engine.internal")
		.and()
		.doNotHaveFullyQualifiedName("dev.watermill.broker.file.PipeInput")
		.should()
		.callConstructor(Thread.class, Runnable.class)
		.orShould()
		.callConstructor(Thread.class, Runnable.class, String.class)
		.orShould()
		.callConstructor(Thread.class)
		.orShould()
		.beAssignableTo(Thread.class)
		.orShould()
		.dependOnClassesThat()
		.areAssignableTo(Executor.class)
		.orShould()
		.dependOnClassesThat()
		.belongToAnyOf(Executors.class, ForkJoinPool.class);

	@ArchTest
	static final ArchRule textsAreTheSameWhateverTheLocaleOfTheMachine = noClasses().should()
		.callMethod(String.class, "format", String.class, Object[].class)
		.orShould()
		.callMethod(String.class, "formatted", Object[].class)
		.orShould()
		.callMethod(String.class, "toLowerCase")
		.orShould()
		.callMethod(String.class, "toUpperCase")
		.orShould()
		.callMethod(PrintStream.class, "printf", String.class, Object[].class)
		.orShould()
		.callMethod(Locale.class, "getDefault")
		.orShould()
		.callConstructor(Formatter.class)
		.orShould()
		.callConstructor(DecimalFormat.class, String.class)
		.orShould()
		.callMethod(NumberFormat.class, "getInstance")
		.orShould()
		.callMethod(DateTimeFormatter.class, "ofPattern", String.class);

	private ArchitectureTests() {
	}

	/**
	 * A package together with what of it is {@code internal}.
	 */
	private static final class Rooms implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return SliceIdentifier.of(type.getPackageName().replaceFirst("\\.internal$", ""));
		}

		@Override
		public String getDescription() {
			return "rooms";
		}

	}

}
