package dev.watermill.spring.naming.internal;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names in their many forms.
 */
class NamingTests {

	@ParameterizedTest
	@ValueSource(strings = { "RobotLocation", "robot-location", "robotLocation", "ROBOTLOCATION", "robot_location",
			"ROBOT_LOCATION", "Robot Location" })
	void comparesNamesInTheirRelaxedForm(String name) {
		assertThat(RelaxedName.of(name)).isEqualTo(RelaxedName.of("robot-location"))
			.hasSameHashCodeAs(RelaxedName.of("robot-location"))
			.hasToString("robotlocation");
		assertThat(RelaxedName.of(name)).isNotEqualTo(RelaxedName.of("robot-locations"));
	}

	@ParameterizedTest
	@CsvSource({ "RobotLocation,robot-location", "robotLocation,robot-location", "robot-location,robot-location",
			"robot_location,robot-location", "GPSLocation,gps-location", "LocationOfGPS,location-of-gps",
			"outer.InnerBean,outer-inner-bean", "Point3D,point3-d", "a,a", "A,a" })
	void showsNamesInKebabCase(String name, String kebab) {
		assertThat(RelaxedName.kebab(name)).isEqualTo(kebab);
	}

	@Test
	void findsTheNearestName() {
		List<String> known = List.of("robot-location", "robot-speed");
		assertThat(NearestName.of("RobotLocaton", known)).contains("robot-location");
		assertThat(NearestName.of("weather", known)).isEmpty();
		assertThat(NearestName.of("a", List.of("ab", "b"))).contains("ab");
		assertThat(NearestName.of("a", List.of("b"))).isEmpty();
		assertThat(NearestName.question("robotSped", known)).isEqualTo("Did you mean 'robot-speed'? ");
		assertThat(NearestName.question("robotSped", List.of())).isEmpty();
	}

}
