package dev.watermill.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Makes the contexts of tests with {@link WaterMillTest @WaterMillTest}.
 */
class WaterMillTestContextBootstrapper extends TestSliceTestContextBootstrapper<WaterMillTest> {

}
