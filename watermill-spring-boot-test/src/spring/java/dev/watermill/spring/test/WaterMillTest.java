package dev.watermill.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.autoconfigure.json.AutoConfigureJson;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.boot.test.context.PropertyMapping.Skip;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.Environment;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of mills alone. Of the application it has the processors, the settings, JSON and
 * whatever changes mills ({@link dev.watermill.spring.MillCustomizer},
 * {@link dev.watermill.engine.DeliveryErrorHandler}); no other component, no Kafka, no
 * files. All streams live in memory, wherever the settings put them, and no mill starts
 * by itself: a {@link MillTester} runs them.
 * <p>
 * What processors ask for besides is imported with
 * {@link org.springframework.context.annotation.Import @Import}, or mocked with
 * {@code @MockitoBean}.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(WaterMillTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(WaterMillTypeExcludeFilter.class)
@AutoConfigureJson
@AutoConfigureWaterMill
@PropertyMapping(value = "spring.test.watermill", skip = Skip.YES)
@ImportAutoConfiguration
public @interface WaterMillTest {

	/**
	 * Properties of the {@link Environment}, in the form {@code key=value}.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * The classes of the processors to test; all of the application by default.
	 * @return the classes
	 */
	@AliasFor("processors")
	Class<?>[] value() default {};

	/**
	 * The classes of the processors to test; all of the application by default.
	 * @return the classes
	 */
	@AliasFor("value")
	Class<?>[] processors() default {};

	/**
	 * Where the streams of the test are.
	 * @return in memory by default
	 */
	@PropertyMapping(value = "broker", skip = Skip.ON_DEFAULT_VALUE)
	TestBroker broker() default TestBroker.MEMORY;

	/**
	 * Whether to look for processors at all, besides what {@link #includeFilters()}
	 * include.
	 * @return {@code true} by default
	 */
	boolean useDefaultFilters() default true;

	/**
	 * What of the application the test has besides.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * What of the application the test does not have.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations that the test does without.
	 * @return the classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
