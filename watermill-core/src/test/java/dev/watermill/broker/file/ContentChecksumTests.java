package dev.watermill.broker.file;

import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContentChecksum}.
 */
class ContentChecksumTests {

	@Test
	void isTheSameInWhateverPartsItIsFound() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 200; i++) {
			byte[] bytes = new byte[1 + random.nextInt((i < 190) ? 5_000 : 500_000)];
			random.nextBytes(bytes);
			long found = ContentChecksum.NOTHING;
			int from = 0;
			while (from < bytes.length) {
				int to = from + random.nextInt(bytes.length - from + 1);
				found = ContentChecksum.of(found, bytes, from, to);
				from = to;
			}
			CRC32C expected = new CRC32C();
			expected.update(bytes);
			assertThat(found).as("seed %d, %d bytes", seed, bytes.length).isEqualTo(expected.getValue());
		}
	}

}
