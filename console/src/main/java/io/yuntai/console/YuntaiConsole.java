package io.yuntai.console;

import io.yuntai.console.branding.BrandingFeature;
import io.yuntai.console.branding.TenantBrands;
import io.yuntai.console.chat.ChatFeature;
import io.yuntai.console.develop.DevelopFeature;
import io.yuntai.console.home.HomeFeature;
import io.yuntai.console.live.LiveFeature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.models.ModelsFeature;
import io.yuntai.console.money.MoneyFeature;
import io.yuntai.console.now.NowFeature;
import io.yuntai.console.requests.RequestsFeature;
import io.yuntai.console.settings.SettingsFeature;
import io.yuntai.console.shell.ShellFeature;
import io.yuntai.console.signin.SignInFeature;
import io.yuntai.console.tenants.TenantsFeature;
import io.yuntai.server.console.Console;
import io.yuntai.server.console.ConsoleServices;
import java.util.List;
import java.util.Optional;

/** All pages of the console, wired by hand. */
public final class YuntaiConsole implements Console {
  @Override
  public Optional<Pages> open(ConsoleServices services) {
    TenantBrands brands = new TenantBrands(services.admin().tenancy(), services.clock());
    return Optional.of(ConsoleApi.of(services, brands, features(services, brands)));
  }

  private static List<Feature> features(ConsoleServices services, TenantBrands brands) {
    LiveStreams streams = new LiveStreams();
    return List.of(
        new ShellFeature(),
        new HomeFeature(),
        new ChatFeature(services),
        new SignInFeature(services),
        new TenantsFeature(services),
        new LiveFeature(streams),
        new NowFeature(services, streams),
        new ModelsFeature(services, streams),
        new MoneyFeature(services, streams),
        new DevelopFeature(services, streams),
        new RequestsFeature(services, streams),
        new BrandingFeature(services, brands),
        new SettingsFeature(services));
  }
}
