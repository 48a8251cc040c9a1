package dev.watermill.spring.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Lets the clients of mills, which live for weeks, connect with the certificates of the
 * day. Spring Boot puts an SSL bundle as it is at start among the settings of clients;
 * what stands there instead is the same bundle as of when a connection is made. Those
 * that were made stay. Thread-safe.
 */
final class RenewedBundles {

	/** Under which the settings of clients have a bundle, as Spring Boot knows it. */
	private static final String SETTING = SslBundle.class.getName();

	private final @Nullable SslBundles bundles;

	private final Map<String, RenewedBundle> known = new ConcurrentHashMap<>();

	/**
	 * Create.
	 * @param bundles the application's bundles, {@code null} if it has none
	 */
	RenewedBundles(@Nullable SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * Return settings of clients with a bundle that is renewed.
	 * @param settings what the application says, which stays as it is
	 */
	Map<String, Object> in(Map<String, Object> settings) {
		if (!(settings.get(SETTING) instanceof SslBundle bundle)) {
			return settings;
		}
		Map<String, Object> renewed = new HashMap<>(settings);
		renewed.put(SETTING, renewed(bundle));
		return renewed;
	}

	private SslBundle renewed(SslBundle bundle) {
		for (RenewedBundle renewed : this.known.values()) {
			if (renewed.first == bundle) {
				return renewed;
			}
		}
		SslBundles all = this.bundles;
		if (all != null) {
			for (String name : all.getBundleNames()) {
				if (all.getBundle(name) == bundle) {
					return this.known.computeIfAbsent(name, (added) -> renewed(all, added, bundle));
				}
			}
		}
		return bundle;
	}

	private static RenewedBundle renewed(SslBundles all, String name, SslBundle bundle) {
		RenewedBundle renewed = new RenewedBundle(bundle);
		all.addBundleUpdateHandler(name, (update) -> renewed.current = update);
		return renewed;
	}

	/**
	 * A bundle as it is now.
	 */
	private static final class RenewedBundle implements SslBundle {

		private final SslBundle first;

		private volatile SslBundle current;

		RenewedBundle(SslBundle bundle) {
			this.first = bundle;
			this.current = bundle;
		}

		@Override
		public SslStoreBundle getStores() {
			return this.current.getStores();
		}

		@Override
		public SslBundleKey getKey() {
			return this.current.getKey();
		}

		@Override
		public SslOptions getOptions() {
			return this.current.getOptions();
		}

		@Override
		public String getProtocol() {
			return this.current.getProtocol();
		}

		@Override
		public SslManagerBundle getManagers() {
			return this.current.getManagers();
		}

	}

}
