package dev.watermill;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Formatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.StrictJson;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Result;
import dev.watermill.key.InvalidKeyException;
import dev.watermill.stream.RecordHeader;
import dev.watermill.stream.RecordKey;
import dev.watermill.stream.RecordTimestamp;
import dev.watermill.stream.StreamException;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

@AnalyzeClasses(packages = "dev.watermill", importOptions = DoNotIncludeTests.class)
final class ArchitectureTests {

	/**
	 * Whatever users write down before anything of ours gives it to them, and what
	 * brokers give the engine or throw.
	 */
	private static final Set<Class<?>> ROOTS = Set.of(Mill.class, Result.class, EndOfStream.class, Broker.class,
			JsonFileBroker.class, BrokerUnavailableException.class, CommitTimedOutException.class,
			MillTakenOverException.class, InvalidElement.class, StrictJson.class, InvalidKeyException.class,
			StreamException.class, StreamConflictException.class, MissingFactException.class, RecordKey.class,
			RecordTimestamp.class, RecordHeader.class);

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
		.mayOnlyBeAccessedByLayers("join", "engine", "facade")
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
		.mayOnlyBeAccessedByLayers("delivery", "join", "window", "engine", "facade")
		.whereLayer("stream")
		.mayOnlyBeAccessedByLayers("count", "key", "codec", "delivery", "broker", "checkpoint", "brokers", "join",
				"window", "engine", "facade");

	@ArchTest
	static void fewTypesArePublic(JavaClasses classes) {
		List<JavaClass> types = classes.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.toList();
		long open = types.stream().filter(ArchitectureTests::isPublic).count();
		assertThat(open * 100.0 / types.size()).as("%d of %d types are public", open, types.size()).isLessThan(40);
	}

	/**
	 * From what users and authors of brokers begin with, they get to all that is theirs.
	 */
	@ArchTest
	static void whatUsersCanNotGetToIsInternal(JavaClasses classes) {
		Set<JavaClass> reached = new HashSet<>();
		Deque<JavaClass> open = new ArrayDeque<>();
		ROOTS.forEach((root) -> open.add(classes.get(root)));
		while (!open.isEmpty()) {
			JavaClass type = open.remove();
			if (type.getPackageName().startsWith("dev.watermill") && reached.add(type)) {
				open.addAll(shown(type));
			}
		}
		assertThat(classes.stream()
			.filter((type) -> type.isTopLevelClass() && isPublic(type) && !isInternal(type))
			.filter((type) -> !reached.contains(type))
			.map(JavaClass::getName)).as("public types that nothing leads to").isEmpty();
	}

	@ArchTest
	static void whatIsNotInternalShowsNothingInternal(JavaClasses classes) {
		assertThat(classes.stream()
			.filter((type) -> isPublic(type) && !isInternal(type))
			.flatMap((type) -> shown(type).stream()
				.filter(ArchitectureTests::isInternal)
				.map((shown) -> type.getName() + " shows " + shown.getName())))
			.isEmpty();
	}

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

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC)
				&& type.getEnclosingClass().map(ArchitectureTests::isPublic).orElse(true);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getPackageName().endsWith(".internal");
	}

	/**
	 * Return the types that somebody sees who sees a type.
	 */
	private static Set<JavaClass> shown(JavaClass type) {
		Set<JavaClass> shown = new HashSet<>();
		type.getSuperclass().ifPresent((parent) -> shown.addAll(parent.getAllInvolvedRawTypes()));
		type.getInterfaces().forEach((parent) -> shown.addAll(parent.getAllInvolvedRawTypes()));
		type.getMembers()
			.stream()
			.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC)
					|| member.getModifiers().contains(JavaModifier.PROTECTED))
			.forEach((member) -> shown.addAll(member.getAllInvolvedRawTypes()));
		type.getMethods()
			.stream()
			.filter((method) -> method.getModifiers().contains(JavaModifier.PUBLIC))
			.forEach((method) -> method.getExceptionTypes().forEach((thrown) -> shown.add(thrown.toErasure())));
		// a nested type is part of its type
		shown.addAll(type.getPackage()
			.getClasses()
			.stream()
			.filter((other) -> other.getEnclosingClass().equals(Optional.of(type)) && isPublic(other))
			.toList());
		type.getEnclosingClass().ifPresent(shown::add);
		return shown;
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
