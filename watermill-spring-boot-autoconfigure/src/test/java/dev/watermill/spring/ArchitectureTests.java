package dev.watermill.spring;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
	final ArchRule namesAndDiagnosticsStandAtTheBottom = noClasses().that()
		.resideInAnyPackage("dev.watermill.spring.naming", "dev.watermill.spring.diagnostics")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.watermill.spring.processor", "dev.watermill.spring.mill",
				"dev.watermill.spring.binding", "dev.watermill.spring.properties");

}
