package dev.watermill.spring;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.watermill.spring.binding.internal.StreamKind;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The direction of dependencies.
 */
@AnalyzeClasses(packages = "dev.watermill.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	/** What users use by its name that is neither annotation nor configuration. */
	private static final Set<String> OF_USERS = Set.of("MillCustomizer", "Mills", "MillConfigurationException",
			"MillMetrics", "MillStateChangedEvent", "MillTimers", "MillsHealthIndicator", "SpringKafkaClients");

	@ArchTest
	final ArchRule roomsFormNoCycles = slices().assignedFrom(new Rooms()).should().beFreeOfCycles();

	@ArchTest
	static void fewTypesArePublic(JavaClasses classes) {
		List<JavaClass> types = classes.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.toList();
		List<JavaClass> open = types.stream().filter(ArchitectureTests::isPublic).toList();
		assertThat(open.size() * 100 / types.size()).as(open.size() + " of " + types.size() + " types are public")
			.isLessThan(40);
	}

	@ArchTest
	final ArchRule publicTypesAreOfUsersOrInternal = classes().that(ArePublic.TYPES)
		.and()
		.resideOutsideOfPackage("..internal")
		.should(new BeOfUsers());

	@ArchTest
	final ArchRule publicTypesExposeNothingInternal = classes().that(ArePublic.TYPES)
		.and()
		.resideOutsideOfPackage("..internal")
		.should(new ExposeNothingInternal());

	@ArchTest
	static void theCentreKnowsNoTechnology(JavaClasses classes) {
		Set<String> technologies = technologies(classes);
		assertThat(technologies).contains("file", "kafka");
		noClasses().that()
			.resideOutsideOfPackages(technologies.stream().map(ArchitectureTests::room).toArray(String[]::new))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(packages(technologies))
			.check(classes);
	}

	@ArchTest
	static void technologiesKnowNothingOfEachOther(JavaClasses classes) {
		for (String technology : technologies(classes)) {
			Set<String> others = technologies(classes);
			others.remove(technology);
			noClasses().that()
				.resideInAPackage(room(technology))
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(packages(others))
				.check(classes);
		}
	}

	@ArchTest
	final ArchRule textsAreTheSameWhateverTheLocaleOfTheMachine = noClasses().should()
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

	@ArchTest
	final ArchRule processorsKnowNoSettings = noClasses().that()
		.resideInAPackage("dev.watermill.spring.processor..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.watermill.spring.properties..", "dev.watermill.spring.mill..",
				"dev.watermill.spring.binding..");

	@ArchTest
	final ArchRule beansHaveNamesOfOurOwn = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.haveNameStartingWith("watermill");

	@ArchTest
	final ArchRule namesAndDiagnosticsStandAtTheBottom = noClasses().that()
		.resideInAnyPackage("dev.watermill.spring.naming..", "dev.watermill.spring.diagnostics..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.watermill.spring.processor..", "dev.watermill.spring.mill..",
				"dev.watermill.spring.binding..", "dev.watermill.spring.properties..");

	/**
	 * Return the rooms that have a kind of place for streams; brokers of users' own are
	 * no technology.
	 */
	private static Set<String> technologies(JavaClasses classes) {
		return classes.stream()
			.filter((type) -> type.isAssignableTo(StreamKind.class))
			.map(JavaClass::getPackageName)
			.filter((name) -> !name.equals(StreamKind.class.getPackageName()))
			.map((name) -> name.substring("dev.watermill.spring.".length()).replace(".internal", ""))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String room(String technology) {
		return "dev.watermill.spring." + technology + "..";
	}

	/**
	 * Return the packages of technologies, here and in their libraries.
	 */
	private static String[] packages(Set<String> technologies) {
		return technologies.stream()
			.flatMap((name) -> Stream.of(room(name), "dev.watermill.broker." + name + "..", "org.apache." + name + "..",
					"org.springframework." + name + ".."))
			.toArray(String[]::new);
	}

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC);
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

	/**
	 * Types that are no part of another.
	 */
	private static final class ArePublic extends DescribedPredicate<JavaClass> {

		private static final ArePublic TYPES = new ArePublic();

		private ArePublic() {
			super("are public types");
		}

		@Override
		public boolean test(JavaClass type) {
			return isPublic(type) && type.isTopLevelClass();
		}

	}

	/**
	 * An annotation, settings, an auto-configuration, what the endpoint answers, or one
	 * of a few others.
	 */
	private static final class BeOfUsers extends ArchCondition<JavaClass> {

		private BeOfUsers() {
			super("be for users");
		}

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			boolean ofUsers = type.isAnnotation() || type.isAnnotatedWith(AutoConfiguration.class)
					|| type.isAnnotatedWith(ConfigurationProperties.class)
					|| type.getPackageName().equals("dev.watermill.spring.properties")
					|| type.getPackageName().equals("dev.watermill.spring.actuate.endpoint")
					|| OF_USERS.contains(type.getSimpleName());
			events.add(new SimpleConditionEvent(type, ofUsers,
					type.getName() + " is public: it belongs into an internal package, unless users need it"));
		}

	}

	/**
	 * None of the types that its users see in it is internal.
	 */
	private static final class ExposeNothingInternal extends ArchCondition<JavaClass> {

		private ExposeNothingInternal() {
			super("expose nothing internal");
		}

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			type.getMembers()
				.stream()
				.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC))
				.forEach((member) -> member.getAllInvolvedRawTypes()
					.stream()
					.filter((seen) -> seen.getPackageName().endsWith(".internal"))
					.forEach((seen) -> events.add(
							SimpleConditionEvent.violated(type, member.getFullName() + " exposes " + seen.getName()))));
		}

	}

}
