package dev.watermill.broker.file;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Newlines}.
 */
class NewlinesTests {

	@Test
	void findsWhatALoopFinds() {
		for (long seed = 0; seed < 2000; seed++) {
			Random random = new Random(seed);
			byte[] bytes = new byte[random.nextInt(40)];
			random.nextBytes(bytes);
			for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
				bytes[random.nextInt(bytes.length)] = (byte) "\n\u000b\u008a\t".charAt(random.nextInt(4));
			}
			int from = random.nextInt(bytes.length + 1);
			int to = from + random.nextInt(bytes.length - from + 1);
			int next = from;
			while (next < to && bytes[next] != '\n') {
				next++;
			}
			int count = 0;
			for (int i = from; i < to; i++) {
				count += (bytes[i] == '\n') ? 1 : 0;
			}
			assertThat(Newlines.next(bytes, from, to)).as("seed %d", seed).isEqualTo(next);
			assertThat(Newlines.count(bytes, from, to)).as("seed %d", seed).isEqualTo(count);
		}
	}

}
