package dev.watermill.demo.robots;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.apache.kafka.clients.admin.NewTopic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.config.TopicBuilder;

/**
 * Lets a fleet of robots report to a topic of four partitions, each robot always to the
 * same one.
 */
@Configuration(proxyBeanMethods = false)
@Profile("kafka")
class FleetReports {

	@Bean
	static NewTopic fleetPositions() {
		return TopicBuilder.name("fleet-positions").partitions(4).build();
	}

	@WaterMillProcessor("fleet-reports")
	@ToStream("fleet-report-topic")
	RobotPosition report(@FromStream("fleet-report") RobotPosition position) {
		return position;
	}

}
