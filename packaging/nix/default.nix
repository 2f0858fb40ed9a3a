# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Untested. nix-build packaging/nix
{ pkgs ? import <nixpkgs> { } }:

pkgs.stdenv.mkDerivation {
  pname = "pixfer";
  version = "0.2.0";
  src = pkgs.lib.cleanSource ../..;

  nativeBuildInputs = [ pkgs.cmake pkgs.pkg-config ];
  buildInputs = [
    pkgs.ffmpeg
    pkgs.jansson
    pkgs.libyuv
  ] ++ pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.gst_all_1.gstreamer pkgs.gst_all_1.gst-plugins-base ];

  postPatch = "patchShebangs packaging/completions";
  cmakeFlags = [
    (pkgs.lib.cmakeBool "PIXFER_TESTS" false)
    (pkgs.lib.cmakeBool "PIXFER_EXPORTER" true)
    (pkgs.lib.cmakeBool "PIXFER_TOOL" true)
  ];

  meta = {
    description = "Exact RGBA to NV12 conversion and MP4 export at the encoder's own speed";
    license = pkgs.lib.licenses.mit;
    platforms = pkgs.lib.platforms.unix;
    mainProgram = "pixfer";
  };
}
