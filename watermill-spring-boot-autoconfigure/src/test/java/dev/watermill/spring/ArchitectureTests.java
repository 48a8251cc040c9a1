package dev.watermill.spring;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.Locale;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The direction of dependencies.
 */
@AnalyzeClasses(packages = "dev.watermill.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	final ArchRule packagesFormNoCycles = slices().matching("dev.watermill.(spring.*)..").should().beFreeOfCycles();

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
		.resideInAPackage("dev.watermill.spring.processor")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.watermill.spring.properties", "dev.watermill.spring.mill",
				"dev.watermill.spring.binding");

	@ArchTest
	final ArchRule nothingKnowsTheAutoConfiguration = noClasses().that()
		.resideOutsideOfPackage("dev.watermill.spring.autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.watermill.spring.autoconfigure");

	@ArchTest
	final ArchRule beansHaveNamesOfOurOwn = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.haveNameStartingWith("watermill");

	@ArchTest
	final ArchRule namesAndDiagnosticsStandAtTheBottom = noClasses().that()
		.resideInAnyPackage("dev.watermill.spring.naming", "dev.watermill.spring.diagnostics")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.watermill.spring.processor", "dev.watermill.spring.mill",
				"dev.watermill.spring.binding", "dev.watermill.spring.properties");

}
