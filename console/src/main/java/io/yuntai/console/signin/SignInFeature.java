package io.yuntai.console.signin;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Page;
import io.yuntai.server.console.ConsoleServices;
import java.util.List;

/** The way in and out. */
public final class SignInFeature implements Feature {
  private final ConsoleServices services;

  /** On these services. */
  public SignInFeature(ConsoleServices services) {
    this.services = services;
  }

  @Override
  public List<Page> pages() {
    return List.of(new SignInPage(services), new LinkPage(services), new SignOutPage(services));
  }

  @Override
  public List<String> assets() {
    return List.of("sign-in.js");
  }
}
