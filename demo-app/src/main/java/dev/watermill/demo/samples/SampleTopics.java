package dev.watermill.demo.samples;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Fills topics from the sample files: mills from a file to a topic, exactly once, however
 * often the demo is started.
 */
@Component
@Profile("samples")
class SampleTopics {

	@WaterMillProcessor("fill-robots")
	@ToStream("robot-topic")
	JsonNode robots(@FromStream("robot-sample") JsonNode location) {
		return location;
	}

	@WaterMillProcessor("fill-trades")
	@ToStream("trade-topic")
	JsonNode trades(@FromStream("trade-sample") JsonNode trade) {
		return trade;
	}

	@WaterMillProcessor("fill-north")
	@ToStream("north-topic")
	JsonNode north(@FromStream("north-sample") JsonNode quote) {
		return quote;
	}

	@WaterMillProcessor("fill-south")
	@ToStream("south-topic")
	JsonNode south(@FromStream("south-sample") JsonNode quote) {
		return quote;
	}

	@WaterMillProcessor("fill-seattle")
	@ToStream("seattle-topic")
	JsonNode seattle(@FromStream("seattle-sample") JsonNode day) {
		return day;
	}

	@WaterMillProcessor("fill-new-york")
	@ToStream("new-york-topic")
	JsonNode newYork(@FromStream("new-york-sample") JsonNode day) {
		return day;
	}

}
