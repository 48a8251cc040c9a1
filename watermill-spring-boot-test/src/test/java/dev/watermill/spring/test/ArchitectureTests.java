package dev.watermill.spring.test;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Who knows whom.
 */
@AnalyzeClasses(packages = { "dev.watermill.spring.test", "dev.watermill.broker.memory" },
		importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	final ArchRule streamsInMemoryArePlainJava = noClasses().that()
		.resideInAPackage("dev.watermill.broker.memory")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "dev.watermill.spring..", "org.junit..");

	@ArchTest
	final ArchRule usersSeeFewTypes = classes().that()
		.resideInAPackage("dev.watermill.spring.test")
		.and()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.haveNameMatching(".*\\.(AutoConfigureWaterMill|CrashReport|Explanation|InMemoryStreams|"
				+ "KafkaMillTesterAutoConfiguration|MillClock|MillFailedError|MillTester|MillTesterAutoConfiguration|StreamRecord|TestBroker|WaterMillTest)");

}
