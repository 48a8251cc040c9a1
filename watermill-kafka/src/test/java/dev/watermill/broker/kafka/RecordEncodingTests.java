package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RecordEncoding}.
 */
class RecordEncodingTests {

	/**
	 * Whatever writes them does not live as long, and one that failed stands within a
	 * result.
	 */
	@Test
	void writesEachOfManyResultsByItselfAlsoBehindOnesThatFail() throws Exception {
		try (RecordEncoding encoding = RecordEncoding.json(JsonMapper.shared(), Reading.class)) {
			for (int i = 0; i < 2_500; i++) {
				if (i % 499 == 7) {
					Reading failing = new Reading(i, true);
					assertThatExceptionOfType(Exception.class).isThrownBy(() -> encode(encoding, failing))
						.withMessageContaining("no value");
				}
				assertThat(encode(encoding, new Reading(i, false)))
					.isEqualTo("{\"time\":" + i + ",\"value\":" + i / 2.0 + "}");
			}
		}
	}

	private static String encode(RecordEncoding encoding, Reading reading) throws Exception {
		byte[] value = encoding.encode("topic", new RecordHeaders(), reading);
		return new String(value, StandardCharsets.UTF_8);
	}

	@JsonIgnoreProperties("failing")
	record Reading(long time, boolean failing) {

		@JsonProperty
		double value() {
			if (this.failing) {
				throw new IllegalStateException("no value");
			}
			return this.time / 2.0;
		}

	}

}
